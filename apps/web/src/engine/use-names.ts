// The names of what other resources refer to by id.
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from './queries.ts'

/** '' while it is not known. `enabled`: whether it may be asked. */
export function useNames(
  type: ResourceType,
  path: string,
  { enabled = true } = {},
): (id: string | undefined) => string {
  const { data = [] } = useQuery({ ...collection(type, path), enabled })
  const names = new Map(data.map((each) => [each.id, String((each as { name?: string }).name ?? '')]))
  return (id = '') => names.get(id) ?? ''
}
