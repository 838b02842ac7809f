// What dnsmasq is told: the subnets of a network with their options, and the guests with their addresses.
import { netmask, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Attachment } from '../attachments.ts'
import type { Ipv4Subnet, Ipv6Subnet, ServedSubnet } from './served-subnets.ts'

export interface DhcpNetwork {
  readonly networkId: string
  readonly mtu: number
  readonly subnets: readonly ServedSubnet[]
}

const leaseSeconds = 86_400

export function dnsmasqConfiguration(
  { networkId, mtu, subnets }: DhcpNetwork,
  files: { readonly hosts: string; readonly pid: string },
): string {
  const lines = [
    'port=0',
    'interface=dhcp',
    'bind-interfaces',
    'dhcp-authoritative',
    'no-ping',
    'leasefile-ro',
    `dhcp-hostsfile=${files.hosts}`,
    `pid-file=${files.pid}`,
    `dhcp-option-force=option:mtu,${mtu}`,
    ...subnets.flatMap((subnet) => (subnet.version === 4 ? ipv4Lines(subnet) : ipv6Lines(subnet))),
    ...announcementLines(subnets, mtu),
    // Of this network on every host, so that a guest that moved may renew.
    `dhcp-duid=0,${networkId.replaceAll(/[^0-9a-f]/g, '').padEnd(8, '0')}`,
  ]
  return `${lines.join('\n')}\n`
}

/** One line for each address: dnsmasq offers the one that lies in a range it serves. */
export function dnsmasqHosts(guests: readonly Attachment[]): string {
  const lines = guests.flatMap(({ mac, fixedIps }) =>
    fixedIps.map(({ ip_address }) => `${mac},${hostAddress(ip_address)}\n`),
  )
  return lines.join('')
}

/** As it is written in a line of a host. */
export const hostAddress = (address: string) => (address.includes(':') ? `[${address}]` : address)

function ipv4Lines({ id, cidr, gateway, dnsServers, hostRoutes }: Ipv4Subnet): string[] {
  const network = parseCidr(cidr)!
  const start = cidr.split('/')[0]!
  const tag = `tag:${id}`
  const routes = hostRoutes.map(({ destination, nexthop }) => `${destination},${nexthop}`)
  // RFC 3442: a client that takes classless routes ignores option 3, so the default route is repeated among them.
  if (routes.length > 0 && gateway) routes.push(`0.0.0.0/0,${gateway}`)
  return [
    // The server's own address lies in none of the subnets: by this it finds the range all the same.
    `shared-network=dhcp,${start}`,
    `dhcp-range=set:${id},${start},static,${netmask(network)},${leaseSeconds}`,
    // An option without a value is not sent; by default dnsmasq would name itself as router and DNS server.
    `dhcp-option=${tag},option:router${gateway ? `,${gateway}` : ''}`,
    `dhcp-option=${tag},option:dns-server${dnsServers.map((server) => `,${server}`).join('')}`,
    ...(routes.length > 0 ? [`dhcp-option=${tag},option:classless-static-route,${routes.join(',')}`] : []),
  ]
}

const modes = { slaac: 'ra-only', 'dhcpv6-stateless': 'ra-stateless', 'dhcpv6-stateful': 'static' } as const

function ipv6Lines({ id, cidr, dnsServers, addressing, isAnnounced }: Ipv6Subnet): string[] {
  const [start, prefixLength] = cidr.split('/')
  // What nobody announces here is no range for announcements: guests form no address of it.
  const mode = isAnnounced ? modes[addressing] : 'static'
  return [
    `dhcp-range=set:${id},${start},${mode},${prefixLength},${leaseSeconds}`,
    `dhcp-option=tag:${id},option6:dns-server${dnsServers.map((server) => `,[${server}]`).join('')}`,
  ]
}

/** The last 0 is the lifetime of a router: there is none. */
const announcementLines = (subnets: readonly ServedSubnet[], mtu: number) =>
  subnets.some((subnet) => subnet.version === 6 && subnet.isAnnounced)
    ? ['enable-ra', `ra-param=dhcp,mtu:${mtu},0,0`]
    : []
