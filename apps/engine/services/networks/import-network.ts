// Import: an external network becomes a network of a data center, with a vNIC profile, where wanted also in clusters.
import type { Rights } from '../../access/rights.ts'
import { insertNetwork } from '../../lifecycle/networks/insert-network.ts'
import { networkNameLocks } from '../../lifecycle/networks/remove-network.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Provider } from '../../store/entities/providers.ts'
import { type External, mtuOf, nameOf, physicalLinkOf } from './external-network.ts'
import { newAttachment } from './new-attachment.ts'
import { newNetwork } from './new-network.ts'
import { defaultProfile } from './new-profile.ts'
import { ownedRows } from './owned-rows.ts'

export interface ImportWish {
  readonly dataCenterId: string
  /** Another name than the provider's. */
  readonly name?: string
  /** Everybody may use its profile. */
  readonly publicUse?: boolean
  readonly clusterIds?: readonly string[]
}

/** `rights`: of whoever asks for it; the engine itself has none. */
export async function importNetwork(
  { store, locks }: Pick<Parts, 'store' | 'locks'>,
  { id: providerId }: Provider,
  external: External,
  wish: ImportWish,
  rights?: Rights,
): Promise<Network> {
  const { dataCenterId, publicUse, clusterIds = [] } = wish
  const ownNetworks = await store.networks.find({ dataCenterId, providerId: '' })
  const network = newNetwork({
    name: wish.name ?? nameOf(external),
    description: external.description ?? '',
    dataCenterId,
    providerId,
    externalId: external.id,
    physicalNetworkId: physicalLinkOf(external, ownNetworks),
    mtu: mtuOf(external),
  })
  const rows = await ownedRows(rights, {
    network,
    profiles: [defaultProfile(network, publicUse)],
    clusters: clusterIds.map((clusterId) => newAttachment(network.id, clusterId)),
  })
  // A removal that is under way may yet bring back what has the name, or is the same network.
  await locks.during(networkNameLocks(network), 'import Network', () =>
    store.transaction((tables) => insertNetwork(tables, rows)),
  )
  return network
}
