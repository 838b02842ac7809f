// A port is a Logical_Switch_Port whose name is the port's id: what ovn-controller looks for as `iface-id`.
import { type Cidr, contains, formatAddress, type IpAddress, parseAddress } from '@patchbay/networking-api/ip.ts'
import { type InactiveBinding, inactiveBinding } from '@patchbay/networking-api/resources/port-bindings.ts'
import { type FixedIp, type Port, portType } from '@patchbay/networking-api/resources/ports.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { nb, type SwitchPortRow } from '../northbound.ts'
import { type Image, insertion, modification } from './image.ts'
import { inOrder, ownAttributes, ownKey, ownText, strangersDefaults } from './own-attributes.ts'
import { dhcpRowOf } from './port-dhcp-rows.ts'
import { portIdOf } from './port-id.ts'
import { serviceColumns } from './service-port-rows.ts'

/** For finding a port's switch without a search through the ports of all. */
export const networkKey = 'patchbay_network'

const elsewhere = new Set([
  'id',
  'name',
  'network_id',
  'device_id',
  'device_owner',
  'admin_state_up',
  'status',
  'port_security_enabled',
  'security_groups',
  'binding:host_id',
  'binding:vif_type',
  'binding:vif_details',
  'wired_hosts',
])
const noGroups: readonly string[] = []
const defaults = {
  ...strangersDefaults(portType),
  security_groups: noGroups,
  'binding:vif_details': {},
  wired_hosts: [],
}

function imageOf(port: Port): Image {
  const { own, others, secure } = addressing(port)
  const secured = port.port_security_enabled
  const service = serviceColumns(port)
  return {
    columns: {
      name: port.id,
      // A port that may send from anywhere also gets what is for nobody known.
      addresses: secured ? [...own, ...others] : [...own, 'unknown'],
      port_security: secured ? secure : [],
      enabled: port.admin_state_up,
      dhcpv4_options: dhcpRowOf(port, 4),
      dhcpv6_options: dhcpRowOf(port, 6),
      ...service.columns,
    },
    maps: {
      options: { ...chassisOf(port), ...service.options },
      external_ids: {
        ovirt_nic_name: port.name,
        ovirt_device_id: port.device_id,
        ovirt_device_owner: port.device_owner,
        ...(port.security_groups.length > 0 && { ovirt_security_groups: port.security_groups.join(' ') }),
        [networkKey]: port.network_id,
        // There are many ports: what is short is loaded soon, and kept in little memory.
        [ownKey]: ownText(port, elsewhere, defaults),
      },
    },
  }
}

/**
 * Who may have the port: the host it is bound to, and those that are prepared for it, as in a migration. These are silent
 * until their guest runs, which its RARP tells: without that, two hosts would both send and receive (ovn-nb(5)).
 */
function chassisOf({ 'binding:host_id': host, inactive_bindings: inactive }: Port): Record<string, string> {
  // Without a main chassis there are no additional ones: any may have the port.
  if (host === '') return {}
  const prepared = inactive.filter(({ prepared }) => prepared).map((binding) => binding.host)
  return {
    'requested-chassis': [host, ...prepared].join(','),
    ...(prepared.length > 0 && { 'activation-strategy': 'rarp' }),
  }
}

/** What a port has, what it may use besides (MAC addresses of its pairs), and what it may send from. */
function addressing({ mac_address: mac, fixed_ips, allowed_address_pairs: pairs }: Port) {
  const line = (address: string, ips: readonly string[]) => [address, ...ips].join(' ').trim()
  const ips = fixed_ips.map(({ ip_address }) => ip_address)
  const own = line(mac, ips)
  const others = [...new Set(pairs.map((pair) => pair.mac_address))].filter((other) => other !== mac)
  const allowed = (other: string) => pairs.flatMap((pair) => (pair.mac_address === other ? [pair.ip_address] : []))
  return {
    own: own === '' ? [] : [own],
    others,
    secure: [line(mac, [...ips, ...allowed(mac)]), ...others.map((other) => line(other, allowed(other)))].filter(
      (text) => text !== '',
    ),
  }
}

export function insertPort(port: Port): Operation[] {
  return [
    insertion('Logical_Switch_Port', port.id, imageOf(port)),
    nb.mutate('Logical_Switch', [['_uuid', '==', port.network_id]], [['ports', 'insert', port.id]]),
  ]
}

export const updatePort = (before: Port, after: Port): Operation[] =>
  modification('Logical_Switch_Port', after.id, imageOf(before), imageOf(after))

/** The row goes when no switch has it any more. */
export const deletePort = ({ id, network_id }: Port): Operation =>
  nb.mutate('Logical_Switch', [['_uuid', '==', network_id]], [['ports', 'delete', id]])

/** Fails the transaction unless the port is as it was read. */
export const guardPort = (row: SwitchPortRow): Operation =>
  nb.unchanged('Logical_Switch_Port', row, ['addresses', 'options', 'external_ids'])

/** The security group that a port's row names. */
export type GroupOfWord = (word: string) => string | undefined

/** `subnets`: of the network. */
export function readPort(
  row: SwitchPortRow,
  networkId: string,
  subnets: readonly SubnetRange[],
  groupOf: GroupOfWord,
): Port {
  const ids = row.external_ids
  const own = ownAttributes(ids)
  const [host = '', ...prepared] = row.options['requested-chassis']?.split(',') ?? []
  const enabled = row.enabled ?? true
  const words = wordsOf(row)
  return inOrder(portType, {
    ...defaults,
    ...own,
    id: portIdOf(row),
    name: ids.ovirt_nic_name ?? '',
    network_id: networkId,
    mac_address: macOf(words, own.mac_address),
    fixed_ips: fixedIpsOf(words, subnets, own),
    device_id: ids.ovirt_device_id ?? '',
    device_owner: ids.ovirt_device_owner ?? '',
    admin_state_up: enabled,
    status: enabled && row.up === true ? 'ACTIVE' : 'DOWN',
    port_security_enabled: row.port_security.length > 0,
    security_groups: ids.ovirt_security_groups?.split(' ').flatMap((word) => groupOf(word) ?? []) ?? noGroups,
    'binding:host_id': host,
    inactive_bindings: inactiveOf(own, host, prepared),
    'binding:vif_type': host === '' ? 'unbound' : 'ovs',
  } as unknown as Port)
}

/** `prepared`: the hosts that OVN lets have the port besides; what we know of them is in `own`. */
function inactiveOf(
  { inactive_bindings: own }: Record<string, unknown>,
  host: string,
  prepared: readonly string[],
): InactiveBinding[] {
  const known = (Array.isArray(own) ? own : []).filter(isInactiveBinding)
  const stays = (binding: InactiveBinding) => host === '' || !binding.prepared || prepared.includes(binding.host)
  const kept = known
    .filter((binding) => binding.host !== host && stays(binding))
    .map((binding) => (host === '' ? binding : { ...binding, prepared: prepared.includes(binding.host) }))
  const strangers = prepared.filter((other) => other !== '' && !kept.some((binding) => binding.host === other))
  return [
    ...kept,
    ...strangers.map((other) => ({ host: other, vnic_type: 'normal', profile: {}, prepared: true }) as const),
  ]
}

function isInactiveBinding(value: unknown): value is InactiveBinding {
  try {
    inactiveBinding.parse(value, '')
    return true
  } catch {
    return false
  }
}

/** What a subnet is to an address. */
export interface SubnetRange {
  readonly id: string
  readonly cidr: Cidr
}

/** The addresses of a row that lie in subnets of its network. */
export const placesOf = (row: SwitchPortRow, subnets: readonly SubnetRange[]): FixedIp[] =>
  fixedIpsOf(wordsOf(row), subnets, ownAttributes(row.external_ids))

function fixedIpsOf(
  words: readonly string[],
  subnets: readonly SubnetRange[],
  { fixed_ips: own }: Record<string, unknown>,
): FixedIp[] {
  const known = (Array.isArray(own) ? own : []) as readonly Partial<FixedIp>[]
  return addressesIn(words).flatMap(([ip_address, address]) => {
    const possible = subnets.filter(({ cidr }) => contains(cidr, address))
    const first = known.find((fixed) => fixed?.ip_address === ip_address)?.subnet_id
    const subnet = possible.find(({ id }) => id === first) ?? possible[0]
    return subnet ? [{ subnet_id: subnet.id, ip_address }] : []
  })
}

/** Its own: those of its pairs are there too, in any order. */
function macOf(words: readonly string[], own: unknown): string {
  const macs = words.filter(isMac)
  return macs.find((mac) => mac === own) ?? macs[0] ?? ''
}

/** Each once, as the API writes it. */
export const ipAddressesOf = (row: SwitchPortRow) => addressesIn(wordsOf(row))

function addressesIn(words: readonly string[]): [text: string, address: IpAddress][] {
  const found = new Map<string, IpAddress>()
  for (const word of words) {
    const address = /[.:]/.test(word) && !isMac(word) ? parseAddress(word) : undefined
    if (address) found.set(word.includes(':') ? formatAddress(address) : word, address)
  }
  return [...found]
}

/** MAC and IP addresses and other words. OVN writes those that it gives itself (`dynamic`) to a column of their own. */
function wordsOf({ addresses, dynamic_addresses }: SwitchPortRow): string[] {
  const texts = addresses.map((text) => (/\bdynamic\b/.test(text) ? (dynamic_addresses ?? text) : text))
  return texts.join(' ').toLowerCase().split(/\s+/)
}

const isMac = (word: string) => word.length === 17 && macPattern.test(word)
const macPattern = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/
