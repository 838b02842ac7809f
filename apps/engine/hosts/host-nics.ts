// The interfaces of a host as oVirt shows them, from what the host told: NICs, bonds, and the VLANs on both.

import { lastingId } from '../lasting-id.ts'
import type { HostCapabilities, LinkOnHost, NetworkOnHost } from '../store/entities/infrastructure.ts'

export interface HostNic {
  readonly id: string
  readonly hostId: string
  readonly name: string
  readonly link: LinkOnHost
  /** The network that it carries, by its name on the host. */
  readonly carried?: { readonly name: string; readonly network: NetworkOnHost }
  /** Of a VLAN. */
  readonly vlan?: { readonly base: string; readonly id: number | undefined }
  /** Of a bond. */
  readonly bond?: {
    readonly slaves: readonly string[]
    readonly activeSlave: string
    readonly options: Readonly<Record<string, string>>
  }
}

export function nicsOf(
  hostId: string,
  { nics = {}, bondings = {}, vlans = {}, networks = {} }: HostCapabilities,
): HostNic[] {
  const carriedBy = new Map(Object.entries(networks).map(([name, network]) => [carrierOf(network), { name, network }]))
  const common = (name: string, link: LinkOnHost) => {
    const carried = carriedBy.get(name)
    return { id: hostNicId(hostId, name), hostId, name, link, ...(carried && { carried }) }
  }
  return [
    ...Object.entries(nics).map(([name, link]) => common(name, link)),
    ...Object.entries(bondings).map(([name, { slaves = [], active_slave: activeSlave = '', opts = {}, ...link }]) => ({
      ...common(name, link),
      bond: { slaves, activeSlave, options: opts },
    })),
    ...Object.entries(vlans).map(([name, { iface = '', vlanid, ...link }]) => ({
      ...common(name, link),
      vlan: { base: iface, id: vlanid },
    })),
  ]
}

/** No row keeps them, and a host's interfaces are told apart by their names. */
export const hostNicId = (hostId: string, name: string) => lastingId(hostId, 'nic', name)

export const carrierOf = ({ southbound, bridged, iface, ports = [] }: NetworkOnHost): string | undefined =>
  southbound || (bridged ? ports[0] : iface)

/** The NIC or bond below a network, if the host tells of it. */
export function baseOf({ nics = {}, bondings = {}, vlans = {} }: HostCapabilities, network: NetworkOnHost) {
  const carrier = carrierOf(network)
  if (carrier === undefined) return undefined
  const base = vlans[carrier]?.iface ?? carrier
  return Object.hasOwn(nics, base) || Object.hasOwn(bondings, base) ? base : undefined
}
