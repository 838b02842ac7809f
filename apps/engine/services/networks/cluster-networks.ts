// Which networks the VMs of a cluster may use.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { Fault } from '../../faults.ts'
import { refuseUsed, usersOf } from '../../lifecycle/network-use.ts'
import type { Cluster } from '../../store/entities/infrastructure.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Store, Tables } from '../../store/store.ts'
import { existing, referenced } from '../names.ts'
import { newAttachment } from './new-attachment.ts'

export type ClusterNetworkRequest = ResourceOf<typeof networkType>

export interface ClusterNetworkService {
  list(clusterId: string): Promise<Network[]>
  attach(clusterId: string, request: ClusterNetworkRequest): Promise<Network>
  detach(clusterId: string, networkId: string): Promise<void>
}

export function createClusterNetworkService(store: Store): ClusterNetworkService {
  return {
    async list(clusterId) {
      await existing(store.clusters, 'Cluster', clusterId)
      const rows = await store.networkClusters.find({ clusterId })
      return Promise.all(rows.map(({ networkId }) => existing(store.networks, 'Network', networkId)))
    },
    async attach(clusterId, request) {
      const action = 'attach Network to Cluster'
      return store.transaction(async (tables) => {
        const cluster = await existing(tables.clusters, 'Cluster', clusterId)
        const network = await networkFor(tables, cluster, request, action)
        // As in the real engine, left out means true.
        if (request.required !== false)
          throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_REQUIRED', { action })
        const attachment = newAttachment(network.id, clusterId)
        if (await tables.networkClusters.get(attachment.id))
          throw new Fault('NETWORK_ALREADY_ATTACHED_TO_CLUSTER', { action, name: network.name })
        await tables.networkClusters.insert(attachment)
        return network
      })
    },
    async detach(clusterId, networkId) {
      await store.transaction(async (tables) => {
        const { id } = await existing(tables.networkClusters, 'Network of the cluster', `${networkId}/${clusterId}`)
        const users = await usersOf(tables, await tables.vnicProfiles.find({ networkId }))
        refuseUsed(
          users.filter((vm) => vm.clusterId === clusterId),
          'detach Network from Cluster',
        )
        await tables.networkClusters.remove(id)
      })
    },
  }
}

/** By its id, or by its name, which only the networks of one data center do not share. */
async function networkFor(
  tables: Tables,
  { dataCenterId }: Cluster,
  { id, name }: ClusterNetworkRequest,
  action: string,
): Promise<Network> {
  if (id === undefined && name !== undefined) {
    const [namesake] = await tables.networks.find({ dataCenterId, name })
    if (!namesake) throw new Fault('NOT_FOUND', { what: 'Network', id: name })
    return namesake
  }
  const network = await referenced(tables.networks, 'Network', { id })
  if (network.dataCenterId === dataCenterId) return network
  throw new Fault('ACTION_TYPE_FAILED_NETWORK_FROM_DIFFERENT_DC', { action, name: network.name })
}
