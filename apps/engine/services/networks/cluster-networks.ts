// The networks of a cluster: which ones its VMs may use, and what each is for there.

import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import { mayHaveNetwork } from '../../hosts/host-capabilities.ts'
import { refuseUsedNetwork, usersOf } from '../../lifecycle/networks/network-use.ts'
import type { Cluster, HostCapabilities } from '../../store/entities/infrastructure.ts'
import type { Network, NetworkCluster } from '../../store/entities/networks.ts'
import type { Store, Tables } from '../../store/store.ts'
import type { NetworksOnHosts } from '../host-networks/networks-on-hosts.ts'
import { existing, referenced } from '../names.ts'
import { checkRoles, takeRolesFromOthers } from './cluster-roles.ts'
import { type NetworkRequest, rolesIn } from './network-request.ts'
import { newAttachment } from './new-attachment.ts'

export type NetworkStatus = 'operational' | 'non_operational'

/** A network as a cluster sees it; the id is that of the network. */
export interface ClusterNetwork {
  readonly id: string
  readonly network: Network
  readonly attachment: NetworkCluster
  readonly status: NetworkStatus
}

export interface ClusterNetworkService {
  list(clusterId: string): Promise<ClusterNetwork[]>
  get(clusterId: string, networkId: string): Promise<ClusterNetwork>
  attach(clusterId: string, request: NetworkRequest): Promise<ClusterNetwork>
  /** What the request leaves out stays. */
  edit(clusterId: string, networkId: string, request: NetworkRequest): Promise<ClusterNetwork>
  detach(clusterId: string, networkId: string): Promise<void>
}

export function createClusterNetworkService(
  store: Store,
  events: EventLog,
  onHosts: Pick<NetworksOnHosts, 'clusterChanged'>,
): ClusterNetworkService {
  async function shown(attachments: readonly NetworkCluster[]): Promise<ClusterNetwork[]> {
    const networks = await store.networks.getAll(attachments.map(({ networkId }) => networkId))
    const isRequired = attachments.some(({ required }) => required)
    const hosts = isRequired ? await upHostsOf(store, attachments[0]!.clusterId) : []
    return attachments.flatMap((attachment) => {
      const network = networks.get(attachment.networkId)
      return network ? [{ id: network.id, network, attachment, status: statusOf(network, attachment, hosts) }] : []
    })
  }
  async function one(attachment: NetworkCluster): Promise<ClusterNetwork> {
    const [network] = await shown([attachment])
    if (!network) throw new Fault('NOT_FOUND', { what: 'Network', id: attachment.networkId })
    return network
  }
  const attachmentOf = (tables: Tables, clusterId: string, networkId: string) =>
    existing(tables.networkClusters, 'Network of the cluster', `${networkId}/${clusterId}`)

  return {
    async list(clusterId) {
      await existing(store.clusters, 'Cluster', clusterId)
      return shown(await store.networkClusters.find({ clusterId }))
    },
    get: async (clusterId, networkId) => one(await attachmentOf(store, clusterId, networkId)),
    async attach(clusterId, request) {
      const action = 'attach Network to Cluster'
      const { cluster, network, attachment } = await store.transaction(async (tables) => {
        const cluster = await existing(tables.clusters, 'Cluster', clusterId)
        const network = await networkFor(tables, cluster, request, action)
        // As in the real engine, left out means required.
        const attachment = newAttachment(network.id, clusterId, { required: true, ...rolesIn(request) })
        if (await tables.networkClusters.get(attachment.id))
          throw new Fault('NETWORK_ALREADY_ATTACHED_TO_CLUSTER', { action, name: network.name })
        await checkRoles(tables, cluster, network, { after: attachment }, action)
        await tables.networkClusters.insert(attachment)
        await takeRolesFromOthers(tables, attachment)
        return { cluster, network, attachment }
      })
      onHosts.clusterChanged(network, clusterId)
      await events
        .about({ cluster })
        .tell('NETWORK_ATTACH_NETWORK_TO_CLUSTER', `Network ${network.name} attached to Cluster ${cluster.name}`)
      return one(attachment)
    },
    async edit(clusterId, networkId, request) {
      const action = 'update Network of Cluster'
      const { cluster, network, attachment } = await store.transaction(async (tables) => {
        const before = await attachmentOf(tables, clusterId, networkId)
        const cluster = await existing(tables.clusters, 'Cluster', clusterId)
        const network = await existing(tables.networks, 'Network', networkId)
        const attachment = { ...before, ...rolesIn(request) }
        await checkRoles(tables, cluster, network, { before, after: attachment }, action)
        await tables.networkClusters.update(before.id, attachment)
        await takeRolesFromOthers(tables, attachment)
        return { cluster, network, attachment }
      })
      await events
        .about({ cluster })
        .tell('NETWORK_UPDTAE_NETWORK_ON_CLUSTER', `Network ${network.name} on Cluster ${cluster.name} updated.`)
      return one(attachment)
    },
    async detach(clusterId, networkId) {
      const action = 'detach Network from Cluster'
      const { network, cluster } = await store.transaction(async (tables) => {
        const { id, management } = await attachmentOf(tables, clusterId, networkId)
        const network = await existing(tables.networks, 'Network', networkId)
        if (management) throw new Fault('NETWORK_CANNOT_REMOVE_MANAGEMENT_NETWORK', { name: network.name })
        const users = await usersOf(tables, await tables.vnicProfiles.find({ networkId }))
        refuseUsedNetwork(
          users.filter((vm) => vm.clusterId === clusterId),
          action,
        )
        await tables.networkClusters.remove(id)
        return { network, cluster: (await tables.clusters.get(clusterId))! }
      })
      onHosts.clusterChanged(network, clusterId)
      const text = `Network ${network.name} detached from Cluster ${cluster.name}`
      await events.about({ cluster }).tell('NETWORK_DETACH_NETWORK_TO_CLUSTER', text)
    },
  }
}

/** What the hosts of the cluster that are up can do. */
async function upHostsOf({ hosts, hostCapabilities }: Tables, clusterId: string): Promise<HostCapabilities[]> {
  const up = await hosts.find({ clusterId, status: 'up' })
  const told = await hostCapabilities.getAll(up.map(({ id }) => id))
  return up.map(({ id }) => told.get(id)?.capabilities ?? {})
}

/** A required network must be on every host that is up; external ones come with their vNICs. */
const statusOf = (
  { vdsmName }: Network,
  { required }: NetworkCluster,
  hosts: readonly HostCapabilities[],
): NetworkStatus =>
  !required || hosts.every((host) => mayHaveNetwork(host, vdsmName)) ? 'operational' : 'non_operational'

/** By its id, or by its name, which only the networks of one data center do not share. */
async function networkFor(
  tables: Tables,
  { dataCenterId }: Cluster,
  { id, name }: NetworkRequest,
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
