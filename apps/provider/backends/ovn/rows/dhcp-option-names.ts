// What OVN calls the DHCP options that ports may have, and how it wants their values written (ovn-nb(5), DHCP_Options).

import { parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { DhcpOption } from '@patchbay/networking-api/resources/dhcp-options.ts'
import { invalid } from '@patchbay/networking-api/resources/kinds.ts'

/** Answers the value as OVN writes it; undefined for one that is none of the kind. */
type ValueForm = (value: string) => string | undefined

const addresses =
  (version: 4 | 6): ValueForm =>
  (value) => {
    const all = words(value)
    return all.length > 0 && all.every((word) => parseAddress(word)?.version === version) ? several(all) : undefined
  }

/** Pairs of destination and router, as RFC 3442 has them. */
const routes: ValueForm = (value) => {
  const all = words(value)
  const pairs = Array.from({ length: Math.ceil(all.length / 2) }, (_, at) => all.slice(at * 2, at * 2 + 2))
  const areRoutes = pairs.every(
    ([to = '', via = '']) => parseCidr(to)?.version === 4 && parseAddress(via)?.version === 4,
  )
  return pairs.length > 0 && areRoutes ? `{${pairs.map((pair) => pair.join(',')).join(', ')}}` : undefined
}

const number =
  (max: number): ValueForm =>
  (value) =>
    /^\d{1,10}$/.test(value) && Number(value) <= max ? String(Number(value)) : undefined

/** OVN reads the strings of JSON. Who writes the quotes of OVN himself means the text in them. */
const text: ValueForm = (value) => JSON.stringify(/^".*"$/.test(value) ? value.slice(1, -1) : value)

const domains: ValueForm = (value) => text(words(value).join(','))

/** By OVN's own types: what its southbound database says of each option. */
const forms = {
  ipv4: addresses(4),
  ipv6: addresses(6),
  static_routes: routes,
  bool: number(1),
  uint8: number(0xff),
  uint16: number(0xffff),
  uint32: number(0xffff_ffff),
  str: text,
  host_id: text,
  domains,
} satisfies Record<string, ValueForm>

export type OvnOption = readonly [code: number, name: string, ovn: string, type: keyof typeof forms]

/**
 * Names and numbers as dnsmasq knows them, on which Neutron's clients rely. Not here: what OVN says by itself
 * (netmask, server-id). 255 and `server-ip-address` are Neutron's for the address in the header's field `siaddr`.
 */
const version4: readonly OvnOption[] = [
  [3, 'router', 'router', 'ipv4'],
  [6, 'dns-server', 'dns_server', 'ipv4'],
  [7, 'log-server', 'log_server', 'ipv4'],
  [9, 'lpr-server', 'lpr_server', 'ipv4'],
  [15, 'domain-name', 'domain_name', 'str'],
  [16, 'swap-server', 'swap_server', 'ipv4'],
  [19, 'ip-forward-enable', 'ip_forward_enable', 'bool'],
  [21, 'policy-filter', 'policy_filter', 'ipv4'],
  [23, 'default-ttl', 'default_ttl', 'uint8'],
  [26, 'mtu', 'mtu', 'uint16'],
  [31, 'router-discovery', 'router_discovery', 'bool'],
  [32, 'router-solicitation', 'router_solicitation', 'ipv4'],
  [35, 'arp-timeout', 'arp_cache_timeout', 'uint32'],
  [36, 'ethernet-encap', 'ethernet_encap', 'bool'],
  [37, 'tcp-ttl', 'tcp_ttl', 'uint8'],
  [38, 'tcp-keepalive', 'tcp_keepalive_interval', 'uint32'],
  [41, 'nis-server', 'nis_server', 'ipv4'],
  [42, 'ntp-server', 'ntp_server', 'ipv4'],
  [51, 'lease-time', 'lease_time', 'uint32'],
  [58, 'T1', 'T1', 'uint32'],
  [59, 'T2', 'T2', 'uint32'],
  [66, 'tftp-server', 'tftp_server', 'host_id'],
  [67, 'bootfile-name', 'bootfile_name', 'str'],
  [119, 'domain-search', 'domain_search_list', 'domains'],
  [121, 'classless-static-route', 'classless_static_route', 'static_routes'],
  [150, 'tftp-server-address', 'tftp_server_address', 'ipv4'],
  [210, 'path-prefix', 'path_prefix', 'str'],
  [249, 'ms-classless-static-route', 'ms_classless_static_route', 'static_routes'],
  [252, 'wpad', 'wpad', 'str'],
  [255, 'server-ip-address', 'next_server', 'ipv4'],
]

const version6: readonly OvnOption[] = [
  [23, 'dns-server', 'dns_server', 'ipv6'],
  [24, 'domain-search', 'domain_search', 'str'],
]

export const ovnOptions = { 4: version4, 6: version6 } as const

const byName = (options: readonly OvnOption[]) =>
  new Map(options.flatMap((option) => [[String(option[0]), option] as const, [option[1], option] as const]))
const known = { 4: byName(version4), 6: byName(version6) }

/** OVN's key and value; an empty value takes the subnet's option away. Throws the 400 that names what OVN cannot send. */
export function ovnOption({ opt_name: name, opt_value, ip_version: version }: DhcpOption): readonly [string, string] {
  const option = known[version].get(name)
  if (!option) throw invalid('extra_dhcp_opts', `OVN has no DHCPv${version} option '${name}'`)
  const [, , ovn, type] = option
  const value = opt_value?.trim() ?? ''
  const written = value === '' ? '' : forms[type](value)
  if (written === undefined)
    throw invalid('extra_dhcp_opts', `'${opt_value}' is no value of the DHCPv${version} option '${name}'`)
  return [ovn, written]
}

/** With commas or blanks between them, in OVN's braces or without. */
const words = (value: string) => value.split(/[{},\s]+/).filter((word) => word !== '')
const several = (all: readonly string[]) => (all.length === 1 ? all[0]! : `{${all.join(', ')}}`)
