// Remove network: from the engine, and from its provider where that is asked for. A provider that refuses gets it back.
import type { Network, NetworkCluster, VnicProfile } from '../store/entities.ts'
import type { Parts } from './parts.ts'
import type { Workflow } from './workflow.ts'

export interface RemoveNetworkState {
  readonly network: Network
  readonly profiles: readonly VnicProfile[]
  readonly clusters: readonly NetworkCluster[]
  readonly fromProvider: boolean
}

export const removeNetwork: Workflow<RemoveNetworkState, Parts> = {
  kind: 'remove-network',
  locks: ({ network }) => [`network:${network.id}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'remove the rows',
      async run({ network, profiles, clusters }, { store }) {
        await store.transaction(async (tables) => {
          for (const { id } of profiles) await tables.vnicProfiles.remove(id)
          for (const { id } of clusters) await tables.networkClusters.remove(id)
          await tables.networks.remove(network.id)
        })
        return undefined
      },
      async undo({ network, profiles, clusters }, { store }) {
        if (await store.networks.get(network.id)) return
        await store.transaction(async (tables) => {
          await tables.networks.insert(network)
          for (const profile of profiles) await tables.vnicProfiles.insert(profile)
          for (const cluster of clusters) await tables.networkClusters.insert(cluster)
        })
      },
    },
    {
      name: 'delete it on the provider',
      async run({ network, fromProvider }, { store, providers }) {
        const provider = fromProvider ? await store.providers.get(network.providerId) : undefined
        if (provider) await providers.ask(provider, (client) => client.networks.remove(network.externalId))
        return undefined
      },
    },
  ],
}
