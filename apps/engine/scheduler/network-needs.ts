// What the vNICs of a VM need on a host: networks that it has been set up with, and drivers.
import { mayHaveNetwork, mayServe } from '../hosts/host-capabilities.ts'
import { resolveConnection } from '../lifecycle/nics/vnic.ts'
import type { HostCapabilities } from '../store/entities/infrastructure.ts'
import type { Network } from '../store/entities/networks.ts'
import type { Nic } from '../store/entities/vms.ts'
import type { Tables } from '../store/store.ts'

export interface NetworkNeed {
  readonly network: Network
  /** The network that must be on the host: itself, or what an external one is linked to. An external one alone needs none. */
  readonly onHost?: Network
  /** Of the provider; '' for none. */
  readonly pluginType: string
}

/** Of a vNIC; undefined when it is on no network. */
export async function needOf(tables: Tables, nic: Nic): Promise<NetworkNeed | undefined> {
  const connection = await resolveConnection(tables, nic)
  if (!connection) return undefined
  const { network, provider } = connection
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
