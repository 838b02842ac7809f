// Clusters: hosts that VMs can move between.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { Cluster } from '../store/entities/infrastructure.ts'
import type { Store } from '../store/store.ts'
import { checkedName, existing, referenced, refuseUsedName } from './names.ts'
import { reading, refuseUsed, type ServiceOf } from './service.ts'

export function createClusterService(store: Store): ServiceOf<Cluster, ResourceOf<typeof clusterType>> {
  const action = 'remove Cluster'
  return {
    ...reading(store.clusters, 'Cluster'),
    async add({ name, description = '', data_center, switch_type = 'legacy' }) {
      const draft = { id: randomUUID(), name: checkedName(name, 'Cluster'), description, switchType: switch_type }
      return store.transaction(async ({ clusters, dataCenters }) => {
        const { id: dataCenterId } = await referenced(dataCenters, 'Data Center', data_center)
        await refuseUsedName(clusters, draft.name, 'add Cluster')
        const row: Cluster = { ...draft, dataCenterId }
        await clusters.insert(row)
        return row
      })
    },
    remove: (id) =>
      store.transaction(async ({ clusters, hosts, vms, networkClusters }) => {
        await existing(clusters, 'Cluster', id)
        refuseUsed(action, 'host', await hosts.find({ clusterId: id }))
        refuseUsed(action, 'VM', await vms.find({ clusterId: id }))
        for (const attached of await networkClusters.find({ clusterId: id })) await networkClusters.remove(attached.id)
        await clusters.remove(id)
      }),
  }
}
