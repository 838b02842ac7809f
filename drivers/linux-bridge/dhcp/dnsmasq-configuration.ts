// What dnsmasq is told: the subnets of a network with their options, and the guests with their addresses.
import { netmask, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Attachment } from '../attachments.ts'

export interface DhcpSubnet {
  readonly id: string
  readonly cidr: string
  readonly gateway: string | null
  readonly dnsServers: readonly string[]
  readonly hostRoutes: readonly { readonly destination: string; readonly nexthop: string }[]
}

export interface DhcpNetwork {
  readonly networkId: string
  readonly mtu: number
  readonly subnets: readonly DhcpSubnet[]
}

const leaseSeconds = 86_400

export function dnsmasqConfiguration(
  { mtu, subnets }: DhcpNetwork,
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
    ...subnets.flatMap(subnetLines),
  ]
  return `${lines.join('\n')}\n`
}

/** One line for each address: dnsmasq offers the one that lies in a range it serves. */
export function dnsmasqHosts(guests: readonly Attachment[]): string {
  return guests.flatMap(({ mac, fixedIps }) => fixedIps.map(({ ip_address }) => `${mac},${ip_address}\n`)).join('')
}

function subnetLines({ id, cidr, gateway, dnsServers, hostRoutes }: DhcpSubnet): string[] {
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
