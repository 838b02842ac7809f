// What an external network, as its provider tells it, comes to in a data center.
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Network as ExternalNetwork } from '@patchbay/networking-api/resources/networks.ts'
import type { Network } from '../../store/entities/networks.ts'

export type External = Answered<ExternalNetwork>

/** One without a name is called by its id. */
export const nameOf = ({ name, id }: External): string => (name || id).slice(0, 256)

/** Some providers tell it as a text. */
export const mtuOf = ({ mtu }: External): number => Number(mtu ?? 0) || 0

/** As the provider calls it; '' for a network in tunnels. */
export const physicalNameOf = (external: External): string => external['provider:physical_network'] ?? ''

/**
 * The network of the data center that it is linked to on hosts: flat or with the VLAN of that, and known to the provider by
 * its name, or by what hosts call it. '' for none.
 */
export function physicalLinkOf(external: External, ownNetworks: readonly Network[]): string {
  const type = external['provider:network_type']
  if (type !== 'flat' && type !== 'vlan') return ''
  const name = physicalNameOf(external)
  const vlanId = type === 'vlan' ? Number(external['provider:segmentation_id']) : null
  const linked = (network: Network) => network.vlanId === vlanId
  const found =
    ownNetworks.find((network) => network.vdsmName === name && linked(network)) ??
    ownNetworks.find((network) => network.name === name && linked(network))
  return found?.id ?? ''
}
