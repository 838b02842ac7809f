// What a host's dnsmasq does for the subnets of a network.
import { formatCidr, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'

export type ServedSubnet = Ipv4Subnet | Ipv6Subnet

export interface Ipv4Subnet {
  readonly version: 4
  readonly id: string
  readonly cidr: string
  readonly gateway: string | null
  readonly dnsServers: readonly string[]
  readonly hostRoutes: readonly { readonly destination: string; readonly nexthop: string }[]
}

export interface Ipv6Subnet {
  readonly version: 6
  readonly id: string
  readonly cidr: string
  readonly dnsServers: readonly string[]
  /** How guests come to an address of it. */
  readonly addressing: 'slaac' | 'dhcpv6-stateless' | 'dhcpv6-stateful'
  /** By router advertisements, which name no router: nobody routes here. */
  readonly isAnnounced: boolean
}

type Given = { readonly id: string } & Partial<Subnet>

export function servedSubnets(subnets: readonly Given[]): ServedSubnet[] {
  return subnets
    .filter(({ enable_dhcp }) => enable_dhcp)
    .flatMap<ServedSubnet>((subnet) => (subnet.ip_version === 4 ? [ipv4Subnet(subnet)] : ipv6Subnet(subnet)))
}

const ipv4Subnet = (subnet: Given): Ipv4Subnet => ({
  version: 4,
  id: subnet.id,
  cidr: subnet.cidr!,
  gateway: subnet.gateway_ip ?? null,
  dnsServers: subnet.dns_nameservers ?? [],
  hostRoutes: subnet.host_routes ?? [],
})

/**
 * As the modes of Neutron say: without `ipv6_ra_mode` somebody else announces the subnet, without `ipv6_address_mode`
 * somebody else serves DHCPv6. dnsmasq takes no prefix shorter than 64 bits.
 */
function ipv6Subnet(subnet: Given): Ipv6Subnet[] {
  const { ipv6_ra_mode: announced = null, ipv6_address_mode: served = null } = subnet
  const addressing = served ?? (announced === 'slaac' ? 'slaac' : null)
  const range = parseCidr(subnet.cidr!)!
  const isOthers = addressing === null || (addressing === 'slaac' && announced === null)
  if (isOthers || range.prefixLength < 64) return []
  const { id, dns_nameservers: dnsServers = [] } = subnet
  return [{ version: 6, id, cidr: formatCidr(range), dnsServers, addressing, isAnnounced: announced !== null }]
}
