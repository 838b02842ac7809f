// The engine's networks: made here or on a provider, changed, removed.

import { refuseUsed, usersOf } from '../../lifecycle/network-use.ts'
import type { Parts } from '../../lifecycle/parts.ts'
import { removeNetwork } from '../../lifecycle/remove-network.ts'
import type { Network } from '../../store/entities/networks.ts'
import { existing } from '../names.ts'
import { refuseReadOnly } from '../provider-networks.ts'
import { addNetworkFor } from './add-networks.ts'
import { editNetwork } from './edit-networks.ts'
import type { NetworkRequest } from './network-request.ts'

export interface NetworkService {
  /** All, or those of a data center. */
  list(dataCenterId?: string): Promise<Network[]>
  /** In this data center, if one is named. */
  get(id: string, dataCenterId?: string): Promise<Network>
  /** On the provider too, if the request names one. */
  add(request: NetworkRequest): Promise<Network>
  /** What the request leaves out stays. */
  edit(id: string, request: NetworkRequest): Promise<Network>
  remove(id: string, fromProvider: boolean): Promise<void>
}

export function createNetworkService(parts: Parts): NetworkService {
  const { store, workflows, events } = parts
  const get = async (id: string, dataCenterId?: string) => {
    const network = await existing(store.networks, 'Network', id)
    if (dataCenterId !== undefined && network.dataCenterId !== dataCenterId)
      return existing(store.networks, 'Network', '')
    return network
  }
  return {
    async list(dataCenterId) {
      if (dataCenterId === undefined) return store.networks.find({})
      await existing(store.dataCenters, 'Data Center', dataCenterId)
      return store.networks.find({ dataCenterId })
    },
    get,
    add: (request) => addNetworkFor(parts, request),
    edit: (id, request) => editNetwork(parts, id, request),
    async remove(id, fromProvider) {
      const action = 'remove Network'
      const network = await get(id)
      const check = async () => {
        const profiles = await store.vnicProfiles.find({ networkId: id })
        refuseUsed(await usersOf(store, profiles), action)
        if (fromProvider && network.providerId !== '')
          refuseReadOnly(await existing(store.providers, 'Provider', network.providerId), action)
        return { network: await get(id), profiles, clusters: await store.networkClusters.find({ networkId: id }) }
      }
      try {
        const state = { network, profiles: [], clusters: [], fromProvider }
        await workflows.start(removeNetwork, state, { action, check })
      } catch (error) {
        const reason = (error as Error).message
        await events.tell('NETWORK_REMOVE_NETWORK_FAILED', `Failed to remove network ${network.name}: ${reason}`)
        throw error
      }
      await events.tell(
        'NETWORK_REMOVE_NETWORK',
        `Network ${network.name} was removed${fromProvider ? ', also from its provider' : ''}.`,
      )
    },
  }
}
