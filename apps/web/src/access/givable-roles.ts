// The roles that somebody may give: those of administrators only who may do everything.
import { roleType } from '@patchbay/ovirt-api/types/access.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useRights } from '../rights/use-rights.ts'

/** Empty while they are not known. */
export function useGivableRoles(): readonly Shown<typeof roleType>[] {
  const { mayEverything } = useRights()
  const { data = [] } = useQuery(collection(roleType, '/roles'))
  return data.filter(({ administrative }) => mayEverything || !administrative)
}

/** Whether one may give it, and take it again. */
export function useIsGivable(): (roleId: string | undefined) => boolean {
  const { mayEverything } = useRights()
  const roles = useGivableRoles()
  return (roleId) => mayEverything || roles.some(({ id }) => id === roleId)
}
