// Remove network: from the engine, and from its provider where that is asked for. A provider that refuses gets it back.
import type { NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import type { Network, NetworkCluster, VnicProfile } from '../../store/entities/networks.ts'
import { shared } from '../workflows/locks.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { refuseUsedNetwork, usersOf } from './network-use.ts'
import { providerLock } from './provider-lock.ts'

export interface RemoveNetworkState {
  readonly network: Network
  readonly profiles: readonly VnicProfile[]
  readonly clusters: readonly NetworkCluster[]
  readonly fromProvider: boolean
}

export const removeNetwork: Workflow<RemoveNetworkState, Parts> = {
  kind: 'remove-network',
  // A synchronization must not find what is about to be deleted on the provider. Those it removes itself are gone there.
  locks: ({ network, fromProvider }) => [
    `network:${network.id}`,
    ...networkNameLocks(network),
    ...(fromProvider && network.providerId !== '' ? [shared(providerLock(network.providerId))] : []),
  ],
  isPatient: true,
  onFailure: 'undo',
  steps: [
    {
      name: 'remove the rows',
      async record({ network, profiles, clusters }, tables) {
        refuseUsedNetwork(await usersOf(tables, profiles), 'remove Network')
        for (const { id } of profiles) await tables.vnicProfiles.remove(id)
        for (const { id } of clusters) await tables.networkClusters.remove(id)
        // Hosts that have it go on having it, as something that is none of the engine's.
        for (const { id } of await tables.networkAttachments.find({ networkId: network.id }))
          await tables.networkAttachments.remove(id)
        await tables.networks.remove(network.id)
      },
      async undo({ network, profiles, clusters }, { store }) {
        await store.transaction(async (tables) => {
          const isThere = await tables.networks.get(network.id)
          const hasProvider = network.providerId === '' || (await tables.providers.get(network.providerId))
          const hasHome = hasProvider && (await tables.dataCenters.get(network.dataCenterId))
          if (isThere || !hasHome) return
          await tables.networks.insert(network)
          for (const profile of profiles) await tables.vnicProfiles.insert(profile)
          for (const cluster of clusters)
            if (await tables.clusters.get(cluster.clusterId)) await tables.networkClusters.insert(cluster)
        })
      },
    },
    {
      name: 'delete it on the provider',
      async run({ network, fromProvider }, { store, providers }) {
        const provider = fromProvider ? await store.providers.get(network.providerId) : undefined
        if (provider) await providers.ask(provider, (client) => removeExternal(client, network.externalId))
        return undefined
      },
    },
  ],
}

/** It may be gone already, but a 404 can also come from something that is not the provider: the list tells. */
async function removeExternal(client: NetworkingClient, externalId: string): Promise<void> {
  const wasThere = await client.networks.remove(externalId)
  if (!wasThere) await client.networks.list({ id: externalId })
}

/** What must stay free while a network may come back: its name in the data center, and the external network there. */
export const networkNameLocks = (network: Network): string[] => [
  networkNameLock(network),
  ...(network.externalId === ''
    ? []
    : [`external-network:${network.dataCenterId}/${network.providerId}/${network.externalId}`]),
]

export const networkNameLock = ({ dataCenterId, name }: Pick<Network, 'dataCenterId' | 'name'>): string =>
  `network-name:${dataCenterId}/${name}`
