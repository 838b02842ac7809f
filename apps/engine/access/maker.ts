// Whoever makes a thing may do with it what its role of owners permits, as in oVirt.
import { randomUUID } from 'node:crypto'
import type { Permission } from '../store/entities/access.ts'
import type { Tables } from '../store/store.ts'
import type { AccessObject } from './objects.ts'
import { predefinedRoles } from './predefined-roles.ts'
import type { Rights } from './rights.ts'

/** Of a thing in `place`, in the transaction that makes it. */
export async function ownedByMaker(
  tables: Tables,
  rights: Rights | undefined,
  roleId: string,
  place: AccessObject,
  made: AccessObject,
): Promise<void> {
  for (const permission of await permissionOfMaker(rights, roleId, place, made))
    await tables.permissions.insert(permission)
}

/** None for those who may do all that in `place` anyway. */
export async function permissionOfMaker(
  rights: Rights | undefined,
  roleId: string,
  place: AccessObject,
  { kind, id }: AccessObject,
): Promise<Permission[]> {
  if (!rights || rights.isUnlimited || rights.userId === '') return []
  const { permits } = predefinedRoles.find((role) => role.id === roleId)!
  const held = await Promise.all(permits.map((permit) => rights.may(permit, place)))
  if (held.every((isHeld) => isHeld)) return []
  return [{ id: randomUUID(), roleId, principalId: rights.userId, objectType: kind, objectId: id }]
}
