import { refuseUsed, usersOf } from '../lifecycle/network-use.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { removeNetwork } from '../lifecycle/remove-network.ts'
import type { Network } from '../store/entities/networks.ts'
import { existing } from './names.ts'
import { refuseReadOnly } from './provider-networks.ts'

export interface NetworkService {
  list(): Promise<Network[]>
  get(id: string): Promise<Network>
  remove(id: string, fromProvider: boolean): Promise<void>
}

export function createNetworkService({ store, workflows, events }: Parts): NetworkService {
  const get = (id: string) => existing(store.networks, 'Network', id)
  return {
    list: () => store.networks.find({}),
    get,
    async remove(id, fromProvider) {
      const action = 'remove Network'
      const network = await get(id)
      const check = async () => {
        const profiles = await store.vnicProfiles.find({ networkId: id })
        refuseUsed(await usersOf(store, profiles), action)
        if (fromProvider) refuseReadOnly(await existing(store.providers, 'Provider', network.providerId), action)
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
