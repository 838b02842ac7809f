// Roles: the predefined ones, and those that administrators make of permits.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { permitType, roleType } from '@patchbay/ovirt-api/types/access.ts'
import { roleIn, rolesIn, whole } from '../../access/known-roles.ts'
import { actingUser } from '../../acting-user.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import type { OwnRole, Role } from '../../store/entities/access.ts'
import { type PermitName, permitNamed, permits } from '../../store/entities/permits.ts'
import type { Store, Tables } from '../../store/store.ts'
import { checkedName, checkedText } from '../names.ts'

export type RoleRequest = ResourceOf<typeof roleType>
export type PermitRequest = ResourceOf<typeof permitType>

export interface RoleService {
  list(): Promise<Role[]>
  get(id: string): Promise<Role>
  add(request: RoleRequest): Promise<Role>
  /** Its name and description. */
  edit(id: string, request: RoleRequest): Promise<Role>
  /** Throws ERROR_CANNOT_REMOVE_ROLE_ATTACHED_TO_PERMISSION while somebody has it. */
  remove(id: string): Promise<void>
  addPermit(id: string, request: PermitRequest): Promise<PermitName>
  removePermit(id: string, permit: PermitName): Promise<void>
}

export function createRoleService(store: Store, events: EventLog): RoleService {
  const changePermits = async (id: string, change: (before: OwnRole) => readonly PermitName[]): Promise<OwnRole> =>
    store.transaction(async (tables) => {
      const before = await ownRole(tables, id, 'edit Role')
      const after = { ...before, permits: change(before) }
      await tables.ownRoles.update(id, { permits: after.permits })
      return after
    })
  return {
    list: () => rolesIn(store),
    get: (id) => roleIn(store, id),
    async add(request) {
      const action = 'add Role'
      if (request.administrative === undefined)
        throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Role [administrative]', action: 'add' })
      const role: OwnRole = {
        id: randomUUID(),
        name: checkedRoleName(request.name),
        description: checkedText(request.description ?? '', 'The description'),
        administrative: request.administrative,
        permits: checkedPermits(request.permits ?? [], request.administrative),
      }
      await store.transaction(async (tables) => {
        await refuseUsedRoleName(tables, role.name, action)
        await tables.ownRoles.insert(role)
      })
      await events.tell('USER_ADD_ROLE_WITH_ACTION_GROUP', `Role ${role.name} was added by ${actingUser()}`)
      return whole(role)
    },
    async edit(id, request) {
      const action = 'edit Role'
      const role = await store.transaction(async (tables) => {
        const before = await ownRole(tables, id, action)
        if ((request.administrative ?? before.administrative) !== before.administrative)
          throw new Fault('ERROR_CANNOT_UPDATE_ROLE_TYPE', { action })
        const after = {
          ...before,
          name: checkedRoleName(request.name ?? before.name),
          description: checkedText(request.description ?? before.description, 'The description'),
        }
        if (after.name !== before.name) await refuseUsedRoleName(tables, after.name, action)
        await tables.ownRoles.update(id, after)
        return after
      })
      await events.tell('USER_UPDATE_ROLE', `${actingUser()} Role was updated to the ${role.name} Role`)
      return whole(role)
    },
    async remove(id) {
      const { name } = await store.transaction(async (tables) => {
        const role = await ownRole(tables, id, 'remove Role')
        const [used] = await tables.permissions.find({ roleId: id })
        if (used) throw new Fault('ERROR_CANNOT_REMOVE_ROLE_ATTACHED_TO_PERMISSION')
        await tables.ownRoles.remove(id)
        return role
      })
      await events.tell('USER_REMOVE_ROLE', `Role ${name} removed from ${actingUser()}`)
    },
    async addPermit(id, request) {
      const permit = checkedPermit(request)
      const { name } = await changePermits(id, (before) => {
        if (before.permits.includes(permit)) throw new Fault('ERROR_CANNOT_ATTACH_ACTION_GROUP_TO_ROLE_ATTACHED')
        return checkedPermits(
          [...before.permits, permit].map((each) => ({ name: each })),
          before.administrative,
        )
      })
      await events.tell(
        'USER_ATTACHED_ACTION_GROUP_TO_ROLE',
        `Action group ${permit} was attached to Role ${name} by ${actingUser()}`,
      )
      return permit
    },
    async removePermit(id, permit) {
      const { name } = await changePermits(id, (before) => before.permits.filter((each) => each !== permit))
      await events.tell(
        'USER_DETACHED_ACTION_GROUP_FROM_ROLE',
        `Action group ${permit} was detached from Role ${name} by ${actingUser()}`,
      )
    },
  }
}

async function ownRole(tables: Tables, id: string, action: string): Promise<OwnRole> {
  const { mutable, showsChildren: _, ...role } = await roleIn(tables, id)
  if (!mutable) throw new Fault('ACTION_TYPE_FAILED_ROLE_IS_READ_ONLY', { action })
  return role
}

const checkedRoleName = (name: string | undefined) =>
  checkedName(name, 'Role', { max: 126, pattern: /^[\w-]+$/, characters: 'letters, digits, "_" and "-"' })

async function refuseUsedRoleName(tables: Tables, name: string, action: string): Promise<void> {
  if ((await rolesIn(tables)).some((role) => role.name === name))
    throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name })
}

/** Every role lets its holder log in, as oVirt's do. */
function checkedPermits(given: readonly PermitRequest[], administrative: boolean): PermitName[] {
  const names = new Set<PermitName>(['login', ...given.map(checkedPermit)])
  if (!administrative && [...names].some((name) => permits[name].isAdministrative))
    throw new Fault('CANNOT_ADD_ACTION_GROUPS_TO_ROLE_TYPE')
  return [...names]
}

function checkedPermit({ id, name }: PermitRequest): PermitName {
  if (id === undefined && name === undefined)
    throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Permit [id|name]', action: 'add' })
  const permit = permitNamed({ id, name })
  if (!permit) throw new Fault('INVALID_VALUE', { reason: `There is no permit ${(id ?? name)!.slice(0, 100)}.` })
  return permit
}
