// A subnet is a row of DHCP_Options, also without DHCP: OVN then lacks the server's address and answers nobody.
import { createHash } from 'node:crypto'
import { type Cidr, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import { type AllocationPool, type Subnet, subnetType } from '@patchbay/networking-api/resources/subnets.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { gatewayOf, poolsOf, rangeOf } from '../../facts/subnet-addressing.ts'
import { type DhcpOptionsRow, nb } from '../northbound.ts'
import { type Image, insertion, modification } from './image.ts'
import { inOrder, ownAttributes, ownKey, ownText, strangersDefaults } from './own-attributes.ts'

/** Who answers where there is no gateway. In no subnet. */
const serverAddress = '169.254.67.67'
const leaseSeconds = 86_400

const elsewhere = new Set(['id', 'name', 'network_id', 'cidr', 'ip_version'])
const defaults = strangersDefaults(subnetType)

/** `mtu`: of its network. */
export interface SubnetOfNetwork {
  readonly subnet: Subnet
  readonly mtu: number
}

function imageOf({ subnet, mtu }: SubnetOfNetwork): Image {
  return {
    columns: { cidr: subnet.cidr },
    maps: {
      options: dhcpOptions({ subnet, mtu }),
      external_ids: {
        ovirt_network_id: subnet.network_id,
        ovirt_name: subnet.name,
        [ownKey]: ownText(subnet, elsewhere),
      },
    },
  }
}

export const insertSubnet = (after: SubnetOfNetwork): Operation =>
  insertion('DHCP_Options', after.subnet.id, imageOf(after))

export const updateSubnet = (before: SubnetOfNetwork, after: SubnetOfNetwork): Operation[] =>
  modification('DHCP_Options', after.subnet.id, imageOf(before), imageOf(after))

export const deleteSubnet = ({ id }: Subnet): Operation => nb.delete('DHCP_Options', [['_uuid', '==', id]])

/** Fails the transaction unless the subnet is as it was read. */
export const guardSubnet = (row: DhcpOptionsRow): Operation => nb.unchanged('DHCP_Options', row, ['external_ids'])

/** undefined for DHCP options that belong to no network, or to no subnet that can be read. */
export function readSubnet({ _uuid: id, cidr, options, external_ids: ids }: DhcpOptionsRow): Subnet | undefined {
  const range = parseCidr(cidr)
  if (ids.ovirt_network_id === undefined || !range) return undefined
  const strangers = strangersAddressing(cidr, options)
  const { allocation_pools: pools, ...own } = ownAttributes(ids)
  return inOrder(subnetType, {
    ...defaults,
    ...(ids[ownKey] === undefined && strangers),
    ...own,
    allocation_pools: arePools(pools, range) ? pools : strangers.allocation_pools,
    id,
    name: ids.ovirt_name ?? '',
    network_id: ids.ovirt_network_id,
    cidr,
    ip_version: range.version,
  } as Subnet)
}

/** What ovirt-provider-ovn and ovn-nbctl say with the options alone. */
function strangersAddressing(
  cidr: string,
  options: Readonly<Record<string, string>>,
): Partial<Subnet> & Pick<Subnet, 'allocation_pools'> {
  const range = parseCidr(cidr)!
  const gateway = parseAddress(options.router ?? '') ? options.router! : null
  return {
    gateway_ip: gateway,
    // Its own address is nobody's, gateway or not.
    allocation_pools: poolsOf(range, gateway ?? gatewayOf(range, undefined), undefined),
    dns_nameservers: options.dns_server?.match(/[^{},\s]+/g) ?? [],
    enable_dhcp: options.server_id !== undefined,
    ipv6_ra_mode: null,
    ipv6_address_mode: null,
  }
}

/** Apart from each other, and each from its start to its end. */
function arePools(pools: unknown, { version }: Cidr): pools is AllocationPool[] {
  if (!Array.isArray(pools)) return false
  const bounds = pools.flatMap((pool) => [pool?.start, pool?.end].map((text) => parseAddress(String(text))))
  if (bounds.some((address) => address?.version !== version)) return false
  const ranges = (pools as AllocationPool[]).map(rangeOf).sort((a, b) => (a.first < b.first ? -1 : 1))
  return ranges.every(({ first, last }, index) => first <= last && (index === 0 || ranges[index - 1]!.last < first))
}

/** What guests of the subnet are told, in OVN's names. */
export function dhcpOptions({ subnet, mtu }: SubnetOfNetwork): Record<string, string> {
  if (!subnet.enable_dhcp) return {}
  return subnet.ip_version === 4 ? dhcpv4Options(subnet, mtu) : dhcpv6Options(subnet)
}

/** Only where the provider is the one that answers. */
function dhcpv6Options({ id, ipv6_address_mode: mode, dns_nameservers: dns }: Subnet): Record<string, string> {
  if (mode !== 'dhcpv6-stateful' && mode !== 'dhcpv6-stateless') return {}
  return {
    server_id: serverMac(id),
    ...(mode === 'dhcpv6-stateless' && { dhcpv6_stateless: 'true' }),
    ...(dns.length > 0 && { dns_server: oneOrSet(dns) }),
  }
}

/** Without braces around a single one ovirt-provider-ovn, which knows no more, can read it. */
const oneOrSet = (addresses: readonly string[]) =>
  addresses.length === 1 ? addresses[0]! : `{${addresses.join(', ')}}`

function dhcpv4Options(subnet: Subnet, mtu: number): Record<string, string> {
  const routes = subnet.host_routes.map(({ destination, nexthop }) => `${destination},${nexthop}`)
  // A client that takes the routes ignores the router (RFC 3442).
  if (routes.length > 0 && subnet.gateway_ip) routes.push(`0.0.0.0/0,${subnet.gateway_ip}`)
  return {
    server_id: subnet.gateway_ip ?? serverAddress,
    server_mac: serverMac(subnet.id),
    lease_time: String(leaseSeconds),
    mtu: String(mtu),
    ...(subnet.gateway_ip && { router: subnet.gateway_ip }),
    ...(subnet.dns_nameservers.length > 0 && { dns_server: oneOrSet(subnet.dns_nameservers) }),
    ...(routes.length > 0 && { classless_static_route: `{${routes.join(', ')}}` }),
  }
}

/** A locally administered address, always the same for a subnet. */
function serverMac(id: string): string {
  const digest = createHash('sha256').update(id).digest('hex')
  return ['02', ...digest.slice(0, 10).match(/../g)!].join(':')
}
