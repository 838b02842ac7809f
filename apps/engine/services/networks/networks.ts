// The engine's networks: made here or on a provider, changed, removed.

import type { Access } from '../../access/access.ts'
import { Fault } from '../../faults.ts'
import { refuseUsedNetwork, usersOf } from '../../lifecycle/networks/network-use.ts'
import { type RemoveNetworkState, removeNetwork } from '../../lifecycle/networks/remove-network.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Store } from '../../store/store.ts'
import type { RowQuery } from '../../store/table.ts'
import type { NetworksOnHosts } from '../host-networks/networks-on-hosts.ts'
import { existing } from '../names.ts'
import { refuseReadOnly } from '../providers/provider-draft.ts'
import { addNetworkFor } from './add-networks.ts'
import { editNetwork } from './edit-networks.ts'
import type { NetworkRequest } from './network-request.ts'
import { refuseFailover } from './profile-rules.ts'

export interface NetworkService {
  list(wanted: RowQuery): Promise<Network[]>
  ofDataCenter(dataCenterId: string): Promise<Network[]>
  /** In this data center, if one is named. */
  get(id: string, dataCenterId?: string): Promise<Network>
  /** On the provider too, if the request names one. */
  add(request: NetworkRequest): Promise<Network>
  /** What the request leaves out stays. */
  edit(id: string, request: NetworkRequest): Promise<Network>
  remove(id: string, fromProvider: boolean): Promise<void>
}

export function createNetworkService(
  parts: Parts,
  access: Access,
  onHosts: Pick<NetworksOnHosts, 'carriersOf' | 'removed' | 'networkChanged'>,
): NetworkService {
  const { store, workflows, events } = parts
  const get = async (id: string, dataCenterId?: string) => {
    const network = await existing(store.networks, 'Network', id)
    if (dataCenterId !== undefined && network.dataCenterId !== dataCenterId)
      return existing(store.networks, 'Network', '')
    return network
  }
  return {
    list: (wanted) => store.networks.select(wanted),
    async ofDataCenter(dataCenterId) {
      await existing(store.dataCenters, 'Data Center', dataCenterId)
      return store.networks.find({ dataCenterId })
    },
    get,
    add: async (request) => addNetworkFor(parts, await access.current(), request),
    async edit(id, request) {
      const network = await editNetwork(parts, id, request)
      onHosts.networkChanged(network)
      return network
    },
    async remove(id, fromProvider) {
      const action = 'remove Network'
      const network = await get(id)
      const carriers = await onHosts.carriersOf(network)
      const check = async () => {
        const profiles = await store.vnicProfiles.find({ networkId: id })
        const clusters = await store.networkClusters.find({ networkId: id })
        await checkRemoval(store, network, { profiles, clusters, fromProvider })
        return { network: await get(id), profiles, clusters }
      }
      try {
        const state = { network, profiles: [], clusters: [], fromProvider }
        await workflows.start(removeNetwork, state, { action, of: network.name, check })
      } catch (error) {
        const reason = (error as Error).message
        await events.tell('NETWORK_REMOVE_NETWORK_FAILED', `Failed to remove network ${network.name}: ${reason}`)
        throw error
      }
      onHosts.removed(network, carriers)
      await events.tell(
        'NETWORK_REMOVE_NETWORK',
        `Network ${network.name} was removed${fromProvider ? ', also from its provider' : ''}.`,
      )
    },
  }
}

/** In the order of the real engine. */
async function checkRemoval(
  store: Store,
  { id, name, providerId }: Network,
  { profiles, clusters, fromProvider }: Pick<RemoveNetworkState, 'profiles' | 'clusters' | 'fromProvider'>,
): Promise<void> {
  const action = 'remove Network'
  if (clusters.some(({ management }) => management))
    throw new Fault('NETWORK_CANNOT_REMOVE_MANAGEMENT_NETWORK', { name })
  refuseUsedNetwork(await usersOf(store, profiles), action)
  for (const profile of profiles) await refuseFailover(store, profile, action)
  if (fromProvider && providerId !== '') refuseReadOnly(await existing(store.providers, 'Provider', providerId), action)
  const linked = await store.networks.find({ physicalNetworkId: id })
  if (linked.length > 0)
    throw new Fault('ACTION_TYPE_FAILED_CANNOT_REMOVE_PHYSICAL_NETWORK_LINKED_TO_EXTERNAL_NETWORK', {
      action,
      networks: linked.map((network) => network.name).join(', '),
    })
}
