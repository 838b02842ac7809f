// The roles that there are: the predefined ones, and those of the administrators.
import { Fault } from '../faults.ts'
import type { OwnRole, Role } from '../store/entities/access.ts'
import { permits } from '../store/entities/permits.ts'
import type { Tables } from '../store/store.ts'
import { predefinedRoles } from './predefined-roles.ts'

export const rolesIn = async ({ ownRoles }: Pick<Tables, 'ownRoles'>): Promise<Role[]> => [
  ...predefinedRoles,
  ...(await ownRoles.find({})).map(whole),
]

/** Throws NOT_FOUND. */
export async function roleIn({ ownRoles }: Pick<Tables, 'ownRoles'>, id: string): Promise<Role> {
  const predefined = predefinedRoles.find((role) => role.id === id)
  if (predefined) return predefined
  const own = await ownRoles.get(id)
  if (!own) throw new Fault('NOT_FOUND', { what: 'Role', id })
  return whole(own)
}

export const whole = (role: OwnRole): Role => ({
  ...role,
  mutable: true,
  showsChildren: role.permits.some((permit) => permits[permit].showsChildren),
})
