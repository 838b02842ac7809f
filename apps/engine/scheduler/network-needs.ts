// What the vNICs of a VM need on a host: networks that it has been set up with, and drivers.
import { mayHaveNetwork, mayServe } from '../hosts/host-capabilities.ts'
import type { HostCapabilities } from '../store/entities/infrastructure.ts'
import type { Network } from '../store/entities/networks.ts'
import type { Nic } from '../store/entities/vms.ts'
import type { Tables } from '../store/store.ts'
import { type ConnectedVnic, resolveConnections } from '../store/vnic-connections.ts'

export interface NetworkNeed {
  readonly network: Network
  /** The network that must be on the host: itself, or what an external one is linked to. An external one alone needs none. */
  readonly onHost?: Network
  /** Of the provider; '' for none. */
  readonly pluginType: string
}

/** Of vNICs; those on no network need nothing. */
export async function needsOf(tables: Tables, nics: readonly Nic[]): Promise<NetworkNeed[]> {
  const connections = await resolveConnections(tables, nics)
  return Promise.all(connections.filter((connection) => connection !== undefined).map((one) => needOf(tables, one)))
}

async function needOf(tables: Tables, { network, provider }: ConnectedVnic): Promise<NetworkNeed> {
  if (!provider) return { network, onHost: network, pluginType: '' }
  const physical = network.physicalNetworkId && (await tables.networks.get(network.physicalNetworkId))
  return { network, pluginType: provider.pluginType, ...(physical && { onHost: physical }) }
}

/** Why such a host will not do, as the end of a sentence. */
export function unmetNeed(capabilities: HostCapabilities, needs: readonly NetworkNeed[]): string | undefined {
  for (const { network, onHost, pluginType } of needs) {
    if (onHost && !mayHaveNetwork(capabilities, onHost.vdsmName))
      return onHost === network
        ? `does not have the network ${network.name}`
        : `does not have the network ${onHost.name}, which ${network.name} is linked to`
    if (!mayServe(capabilities, pluginType)) return `has no driver for ${pluginType}, which ${network.name} needs`
  }
  return undefined
}
