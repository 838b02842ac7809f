// What is to be done in one data center so that it has the networks of a provider. The rules are those of the real engine's
// SyncNetworkProvider. Nothing is asked and nothing is changed here.

import { type External, mtuOf, nameOf, physicalLinkOf, physicalNameOf } from '../services/networks/external-network.ts'
import type { Cluster } from '../store/entities/infrastructure.ts'
import type { Network } from '../store/entities/networks.ts'

export interface Situation {
  /** What the provider has. */
  readonly listed: readonly External[]
  /** Networks of the provider in the data center. */
  readonly known: readonly Network[]
  /** Its networks that are of no provider. */
  readonly ownNetworks: readonly Network[]
  /** Its clusters with this default provider. */
  readonly clusters: readonly Cluster[]
  /** `<network id>/<cluster id>`. */
  readonly attached: ReadonlySet<string>
}

export type SyncStep =
  | { readonly kind: 'import'; readonly external: External; readonly clusterIds: readonly string[] }
  | { readonly kind: 'update'; readonly network: Network; readonly change: NetworkDifference }
  | { readonly kind: 'attach'; readonly network: Network; readonly clusterIds: readonly string[] }
  | { readonly kind: 'remove'; readonly network: Network }

export type NetworkDifference = Partial<Pick<Network, 'name' | 'mtu' | 'physicalNetworkId'>>

/** Removals come first: they free names. */
export function planSync(situation: Situation): SyncStep[] {
  const { listed, known } = situation
  const there = new Set(listed.map(({ id }) => id))
  const byExternalId = new Map(known.map((network) => [network.externalId, network]))
  return [
    ...known
      .filter(({ externalId }) => !there.has(externalId))
      .map((network) => ({ kind: 'remove', network }) as const),
    ...listed.flatMap((external) => stepsFor(external, byExternalId.get(external.id), situation)),
  ]
}

function stepsFor(external: External, network: Network | undefined, situation: Situation): SyncStep[] {
  const physicalNetworkId = physicalLinkOf(external, situation.ownNetworks)
  // Only Open vSwitch hosts can bring a physical network to an external one.
  const needsOvs = physicalNetworkId !== '' || physicalNameOf(external) !== ''
  const targets = situation.clusters.filter(({ switchType }) => !needsOvs || switchType === 'ovs').map(({ id }) => id)
  if (!network) return [{ kind: 'import', external, clusterIds: targets }]

  const change = differenceOf(network, { name: nameOf(external), mtu: mtuOf(external), physicalNetworkId })
  const missing = targets.filter((clusterId) => !situation.attached.has(`${network.id}/${clusterId}`))
  return [
    ...(change ? [{ kind: 'update', network, change } as const] : []),
    ...(missing.length > 0 ? [{ kind: 'attach', network, clusterIds: missing } as const] : []),
  ]
}

function differenceOf(network: Network, wanted: Required<NetworkDifference>): NetworkDifference | undefined {
  const names = ['name', 'mtu', 'physicalNetworkId'] as const
  const different = names.filter((name) => network[name] !== wanted[name])
  return different.length > 0 ? Object.fromEntries(different.map((name) => [name, wanted[name]])) : undefined
}
