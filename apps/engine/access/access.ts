// Whose rights are whose: read once for each user, and again when users, roles or permissions have changed.
import { actingUser } from '../acting-user.ts'
import type { Store } from '../store/store.ts'
import { everyone, listedNameOf } from './directory.ts'
import { rolesIn } from './known-roles.ts'
import { type Grant, type Rights, rightsFrom, unlimitedRights } from './rights.ts'

export interface Access {
  /** Else everybody may do everything. */
  readonly isChecked: boolean
  /** `name`: with the profile. Somebody who is no user, or disabled, has no rights. */
  rightsOf(name: string): Promise<Rights>
  /** Of whoever's request is being served; undefined where authentication is off, and for the engine's own work. */
  current(): Promise<Rights | undefined>
}

const tablesOfRights = new Set(['local_user', 'own_role', 'permission'])
/** Of users; the one that was read first is forgotten beyond this. */
const mostRemembered = 10_000

/** `administrator`: what he logs in with; undefined where authentication is off. */
export function createAccess(store: Store, administrator: string | undefined): Access & Disposable {
  const remembered = new Map<string, Promise<Rights>>()
  const stop = store.changes.listen((changes) => {
    if (changes.some(({ table }) => tablesOfRights.has(table))) remembered.clear()
  })
  const rightsOf = (name: string): Promise<Rights> => {
    const known = remembered.get(name)
    if (known) return known
    const rights = name === administrator ? unlimitedOf(store, name) : read(store, name)
    remembered.set(name, rights)
    rights.catch(() => remembered.delete(name))
    if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!)
    return rights
  }
  return {
    isChecked: administrator !== undefined,
    rightsOf,
    current: async () => {
      const name = actingUser()
      return administrator === undefined || name === '' ? undefined : rightsOf(name)
    },
    [Symbol.dispose]: stop,
  }
}

const userCalled = async ({ users }: Store, name: string) => (await users.find({ userName: listedNameOf(name) }))[0]

async function unlimitedOf(store: Store, name: string): Promise<Rights> {
  return { ...unlimitedRights(store, name), userId: (await userCalled(store, name))?.id ?? '' }
}

async function read(store: Store, name: string): Promise<Rights> {
  const user = await userCalled(store, name)
  if (!user?.enabled) return rightsFrom(store, name, '', [])
  const roles = new Map((await rolesIn(store)).map((role) => [role.id, role]))
  const given = await Promise.all([user.id, everyone.id].map((principalId) => store.permissions.find({ principalId })))
  const grants: Grant[] = given.flat().flatMap(({ roleId, objectId }) => {
    const role = roles.get(roleId)
    return role ? [{ role, objectId }] : []
  })
  return rightsFrom(store, name, user.id, grants)
}
