// The data centers that somebody may make networks in.
import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useRights } from '../rights/use-rights.ts'

/** Empty while they are not known. */
export function useOwnDataCenters(): readonly Shown<typeof dataCenterType>[] {
  const { whyNot } = useRights()
  const { data = [] } = useQuery(collection(dataCenterType, '/datacenters'))
  return data.filter((dataCenter) => whyNot('create_storage_pool_network', dataCenter) === undefined)
}
