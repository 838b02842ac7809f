// On what a permission is given, and by whom it is held, as its resource tells.
import type { permissionType } from '@patchbay/ovirt-api/types/access.ts'
import type { Shown } from '../engine/resource.ts'
import { text } from '../text/access.ts'

export type ShownPermission = Shown<typeof permissionType>

/** With these, answers have the names of what permissions refer to. */
const kinds = Object.keys(text.kinds) as (keyof typeof text.kinds)[]
export const withNames = `follow=${['role', 'user', 'group', ...kinds].join(',')}`

/** The thing that it is given on; undefined: on the system. */
export function thingOf(permission: ShownPermission): { readonly id: string; readonly title: string } | undefined {
  const kind = kinds.find((each) => permission[each]?.id !== undefined)
  if (!kind) return undefined
  const { id = '', name = id } = permission[kind]!
  return { id, title: `${text.kinds[kind]} ${name}` }
}

export const placeOf = (permission: ShownPermission): string => thingOf(permission)?.title ?? text.system

/** The name that a user logs in with, or that of the group. */
export function holderOf({ user, group }: ShownPermission, userName: (id: string | undefined) => string): string {
  return group ? (group.name ?? '') : userName(user?.id) || (user?.name ?? '')
}
