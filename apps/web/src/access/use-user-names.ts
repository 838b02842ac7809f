// What users log in with, by their ids.
import { userType } from '@patchbay/ovirt-api/types/access.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'

export function useUserNames(): (id: string | undefined) => string {
  const { data = [] } = useQuery(collection(userType, '/users'))
  const names = new Map(data.map(({ id, user_name = '' }) => [id, user_name]))
  return (id = '') => names.get(id) ?? ''
}
