// Whether an attachment is on its host what the engine wants it to be: compared as the real engine does, under its names.
import { ipv4Of, ipv6Of } from '../../hosts/reported-attachments.ts'
import type { BootProtocol, IpAssignment, NetworkAttachment } from '../../store/entities/host-networks.ts'
import type { NetworkOnHost } from '../../store/entities/infrastructure.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { HostNetworking } from './host-networking.ts'

export interface ReportedConfiguration {
  readonly name: string
  /** '' for none, in both. */
  readonly expected: string
  readonly actual: string
  readonly isInSync: boolean
}

/** What a network of the engine without an MTU has on hosts. */
const defaultMtu = 1500

export const mtuOnHost = ({ mtu }: Network) => mtu || defaultMtu

export const isDefaultRoute = ({ roles }: Pick<HostNetworking, 'roles'>, networkId: string) =>
  roles.get(networkId)?.defaultRoute ?? false

export const isInSync = (configurations: readonly ReportedConfiguration[]) =>
  configurations.length > 0 && configurations.every((each) => each.isInSync)

/** Empty where the host does not have the network. */
export function reportedConfigurations(
  networking: HostNetworking,
  attachment: NetworkAttachment,
): ReportedConfiguration[] {
  const { networks, capabilities, cluster } = networking
  const network = networks.get(attachment.networkId)
  const told = network && capabilities.networks?.[network.vdsmName]
  if (!network || !told) return []
  const vlanOfLink = capabilities.vlans?.[told.southbound ?? '']?.vlanid
  return [
    compared('mtu', mtuOnHost(network), told.mtu),
    compared('bridged', network.vmNetwork, told.bridged),
    compared('vlan', network.vlanId, told.vlanid ?? vlanOfLink),
    compared('switchType', cluster.switchType.toUpperCase(), (told.switch ?? 'legacy').toUpperCase()),
    ...attachment.ipAssignments.flatMap((wanted) => addressesCompared(wanted, told)),
    ...routesCompared(networking, attachment, network, told),
  ]
}

function addressesCompared(wanted: IpAssignment, told: NetworkOnHost): ReportedConfiguration[] {
  const actual = wanted.version === 'v4' ? ipv4Of(told) : ipv6Of(told)
  const of = wanted.version === 'v4' ? 'ipv4' : 'ipv6'
  const method = compared(`${of}_boot_protocol`, protocolNames[wanted.method], protocolNames[actual.method])
  if (wanted.method !== 'static' || !method.isInSync) return [method]
  return [
    method,
    compared(of === 'ipv4' ? 'ipv4_netmask' : 'ipv6_prefix', wanted.netmask, actual.netmask),
    compared(`${of}_address`, wanted.address, actual.address),
    compared(`${of}_gateway`, wanted.gateway, actual.gateway),
  ]
}

/** Name servers are those of the network with the default route. */
function routesCompared(
  networking: HostNetworking,
  { nameServers, networkId }: NetworkAttachment,
  { dnsServers }: Network,
  { ipv4defaultroute = false }: NetworkOnHost,
): ReportedConfiguration[] {
  const isDefault = isDefaultRoute(networking, networkId)
  const route = compared('default_route', isDefault, ipv4defaultroute)
  if (!isDefault) return [route]
  const expected = nameServers.length > 0 ? nameServers : dnsServers
  const actual = networking.capabilities.nameservers ?? []
  const listed = (servers: readonly string[]) => [...servers].sort().join(',')
  const dns = {
    name: 'dns_configuration',
    expected: listed(expected),
    actual: listed(actual),
    isInSync: expected.every((server) => actual.includes(server)),
  }
  return [dns, route]
}

type Shown = string | number | boolean | null | undefined

function compared(name: string, expected: Shown, actual: Shown): ReportedConfiguration {
  const shown = { expected: String(expected ?? ''), actual: String(actual ?? '') }
  return { name, ...shown, isInSync: shown.expected === shown.actual }
}

/** As the real engine calls them here. */
const protocolNames: Readonly<Record<BootProtocol, string>> = {
  none: 'NONE',
  static: 'STATIC_IP',
  dhcp: 'DHCP',
  autoconf: 'AUTOCONF',
  poly_dhcp_autoconf: 'POLY_DHCP_AUTOCONF',
}
