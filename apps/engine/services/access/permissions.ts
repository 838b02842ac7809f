// Permissions: which role somebody has on which thing.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { permissionType } from '@patchbay/ovirt-api/types/access.ts'
import type { Access } from '../../access/access.ts'
import { everyone } from '../../access/directory.ts'
import { roleIn, rolesIn } from '../../access/known-roles.ts'
import { type AccessObject, type NamedKind, nameOf, objectTables, on, pathOf, system } from '../../access/objects.ts'
import { superUserId, vnicProfileUserId } from '../../access/predefined-roles.ts'
import { actingUser } from '../../acting-user.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import type { Permission, Role, User } from '../../store/entities/access.ts'
import type { VnicProfile } from '../../store/entities/networks.ts'
import type { Store, Tables } from '../../store/store.ts'
import { existing } from '../names.ts'
import { isCalled } from './users.ts'

export type PermissionRequest = ResourceOf<typeof permissionType>

export interface PermissionService {
  /** Those on the object, and those on what it belongs to, which count for it too. */
  ofObject(object: AccessObject): Promise<Permission[]>
  /** Of a user or a group. */
  ofPrincipal(id: string): Promise<Permission[]>
  get(id: string): Promise<Permission>
  /** What the request leaves open, `given` says: a principal or an object. Answers the one that is there already, too. */
  add(request: PermissionRequest, given: { object?: AccessObject; principalId?: string }): Promise<Permission>
  /** Throws INHERITED_PERMISSION_CANT_BE_REMOVED where it is not of this object. */
  remove(id: string, of?: AccessObject): Promise<void>
}

export interface PermissionParts {
  readonly store: Store
  readonly events: EventLog
  readonly access: Access
  /** What he logs in with; undefined where authentication is off. */
  readonly administrator: string | undefined
}

export function createPermissionService({ store, events, access, administrator }: PermissionParts): PermissionService {
  const isSuperUser = async () => (await access.current())?.isUnlimited ?? true
  return {
    async ofObject(object) {
      await refuseMissing(store, object)
      const found: Permission[] = []
      for (const each of await pathOf(store, object)) {
        found.push(...(await store.permissions.find({ objectId: each.id })))
        if (each.kind === 'vnic_profile') found.push(...publicUse(await store.vnicProfiles.get(each.id)))
      }
      return found
    },
    async ofPrincipal(id) {
      await principalNamed(store, id)
      const found = await store.permissions.find({ principalId: id })
      if (id !== everyone.id) return found
      return [...found, ...(await store.vnicProfiles.find({ publicUse: true })).flatMap(publicUse)]
    },
    get: (id) => permissionIn(store, id),
    async add(request, given) {
      const mayAll = await isSuperUser()
      const { permission, isNew } = await store.transaction(async (tables) => {
        const role = await roleOf(tables, request.role)
        if (role.administrative && !mayAll)
          throw new Fault('PERMISSION_ADD_FAILED_ONLY_SYSTEM_SUPER_USER_CAN_GIVE_ADMIN_ROLES')
        const object = given.object ?? objectIn(request)
        await refuseMissing(tables, object)
        const principalId = given.principalId ?? (await principalIn(tables, request))
        return insert(tables, { roleId: role.id, principalId, objectType: object.kind, objectId: object.id })
      })
      if (isNew) await tellGranted(store, events, permission)
      return permission
    },
    async remove(id, of) {
      const mayAll = await isSuperUser()
      const removed = await store.transaction(async (tables) => {
        const permission = await permissionIn(tables, id)
        if (!mayAll && (await roleIn(tables, permission.roleId)).administrative)
          throw new Fault('PERMISSION_REMOVE_FAILED_ONLY_SYSTEM_SUPER_USER_CAN_REMOVE_ADMIN_ROLES')
        if (of && permission.objectId !== of.id) throw new Fault('INHERITED_PERMISSION_CANT_BE_REMOVED')
        await refuseAdministrators(tables, permission, administrator)
        if (isPublicUse(permission)) await tables.vnicProfiles.update(permission.objectId, { publicUse: false })
        else await tables.permissions.remove(id)
        return permission
      })
      await tellRevoked(store, events, removed)
    },
  }
}

/** That everybody may use a profile is written down in the profile; it is shown as oVirt has it, under the profile's id. */
function publicUse(profile: VnicProfile | undefined): Permission[] {
  if (!profile?.publicUse) return []
  return [
    {
      id: profile.id,
      roleId: vnicProfileUserId,
      principalId: everyone.id,
      objectType: 'vnic_profile',
      objectId: profile.id,
    },
  ]
}

const isPublicUse = ({ principalId, roleId, objectType }: Omit<Permission, 'id'>) =>
  principalId === everyone.id && roleId === vnicProfileUserId && objectType === 'vnic_profile'

async function permissionIn(tables: Tables, id: string): Promise<Permission> {
  const [shared] = publicUse(await tables.vnicProfiles.get(id))
  return shared ?? existing(tables.permissions, 'Permission', id)
}

async function insert(tables: Tables, wanted: Omit<Permission, 'id'>) {
  if (isPublicUse(wanted)) {
    const profile = await existing(tables.vnicProfiles, 'vNIC profile', wanted.objectId)
    await tables.vnicProfiles.update(profile.id, { publicUse: true })
    return { permission: { ...wanted, id: profile.id }, isNew: !profile.publicUse }
  }
  const [known] = await tables.permissions.find(wanted)
  const permission = known ?? { ...wanted, id: randomUUID() }
  if (!known) await tables.permissions.insert(permission)
  return { permission, isNew: !known }
}

async function roleOf(tables: Tables, given: PermissionRequest['role']): Promise<Role> {
  const { id, name } = (given ?? {}) as { id?: string; name?: string }
  if (id !== undefined) return roleIn(tables, id)
  if (name === undefined) throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Permission [role.id|name]', action: 'add' })
  const role = (await rolesIn(tables)).find((each) => each.name === name)
  if (!role) throw new Fault('NOT_FOUND', { what: 'Role', id: name })
  return role
}

async function principalIn(tables: Tables, { user, group }: PermissionRequest): Promise<string> {
  const id = ((user ?? group) as { id?: string } | undefined)?.id
  if (id === undefined) throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Permission [user|group.id]', action: 'add' })
  return (await principalNamed(tables, id)).id
}

async function principalNamed(tables: Tables, id: string): Promise<{ readonly id: string; readonly name: string }> {
  if (id === everyone.id) return everyone
  const { userName } = await existing(tables.users, 'User', id)
  return { id, name: userName }
}

/** The one object that a permission of a user names. */
function objectIn(request: PermissionRequest): AccessObject {
  const named = (Object.keys(objectTables) as NamedKind[]).flatMap((kind) => {
    const id = (request[kind] as { id?: string } | undefined)?.id
    return id === undefined ? [] : [on(kind, id)]
  })
  const [object] = named
  if (!object || named.length > 1)
    throw new Fault('INCOMPLETE_PARAMETERS', {
      what: `Permission [${Object.keys(objectTables).join('|')}.id]`,
      action: 'add',
    })
  return object
}

async function refuseMissing(tables: Tables, { kind, id }: AccessObject): Promise<void> {
  if (kind === 'system') return
  const [table, what] = objectTables[kind]
  if (!(await tables[table].get(id))) throw new Fault('NOT_FOUND', { what, id })
}

/** That he may do everything is what he is there for. */
async function refuseAdministrators(tables: Tables, permission: Permission, administrator: string | undefined) {
  const user: User | undefined = await tables.users.get(permission.principalId)
  const isKept = permission.roleId === superUserId && permission.objectId === system.id
  if (isKept && user && administrator !== undefined && isCalled(user, administrator))
    throw new Fault('USER_CANNOT_REMOVE_ADMIN_USER')
}

async function namesIn(tables: Tables, { roleId, principalId, objectType, objectId }: Permission) {
  return {
    role: (await roleIn(tables, roleId)).name,
    subject: (await principalNamed(tables, principalId)).name,
    object:
      objectType === 'system' ? '' : `${objectTables[objectType][1]} ${await nameOf(tables, on(objectType, objectId))}`,
  }
}

async function tellGranted(tables: Tables, events: EventLog, permission: Permission): Promise<void> {
  const { role, subject, object } = await namesIn(tables, permission)
  const granted = `User/Group ${subject} was granted permission for Role ${role} on`
  if (object === '') await events.tell('USER_ADD_SYSTEM_PERMISSION', `${granted} System by ${actingUser()}.`)
  else await events.tell('USER_ADD_PERMISSION', `${granted} ${object}, by ${actingUser()}.`)
}

async function tellRevoked(tables: Tables, events: EventLog, permission: Permission): Promise<void> {
  const { role, subject, object } = await namesIn(tables, permission)
  const revoked = `User/Group ${subject} Role ${role} permission was removed from`
  if (object === '') await events.tell('USER_REMOVE_SYSTEM_PERMISSION', `${revoked} System by ${actingUser()}`)
  else await events.tell('USER_REMOVE_PERMISSION', `${revoked} ${object} by ${actingUser()}`)
}
