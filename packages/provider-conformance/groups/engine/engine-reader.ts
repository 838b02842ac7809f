// What the engine's JSON reader cannot take: complaints about one network, subnet or port of an answer; none if it can.
import { isObject, show } from '../../check.ts'
import type { Row } from '../../provider-under-test.ts'

export function complaintsAboutNetwork(network: Row): string[] {
  return [
    ...['mtu', 'provider:segmentation_id'].flatMap((name) => unlessIn(network, name, isWhole, 'a whole number')),
    ...['shared', 'router:external', 'port_security_enabled', 'admin_state_up'].flatMap((name) =>
      unlessIn(network, name, isBool, 'true or false'),
    ),
    ...['name', 'tenant_id', 'provider:network_type', 'provider:physical_network'].flatMap((name) =>
      unlessIn(network, name, isText, 'a text'),
    ),
  ]
}

export function complaintsAboutSubnet(subnet: Row): string[] {
  return [
    ...['name', 'cidr', 'network_id', 'gateway_ip', 'tenant_id'].flatMap((name) =>
      unlessIn(subnet, name, isText, 'a text'),
    ),
    ...unlessIn(subnet, 'ip_version', (value) => [4, 6, '4', '6'].includes(value as number), '4 or 6'),
    ...unlessIn(subnet, 'enable_dhcp', isBool, 'true or false'),
    ...unlessIn(subnet, 'dns_nameservers', isTexts, 'a list of texts'),
    ...['cidr', 'network_id'].filter((name) => subnet[name] == null).map((name) => `${name} is missing`),
  ]
}

/** The engine knows host routes as texts; Neutron's objects break the whole list. */
export function complaintsAboutRoutes(subnet: Row): string[] {
  return unlessIn(
    subnet,
    'host_routes',
    (value) => Array.isArray(value) && value.every(isText),
    'empty, or left out: entries that are objects make the engine refuse the whole list',
  )
}

export function complaintsAboutPort(port: Row): string[] {
  return [
    ...['name', 'mac_address', 'network_id', 'device_id', 'device_owner', 'binding:host_id', 'tenant_id'].flatMap(
      (name) => unlessIn(port, name, isText, 'a text'),
    ),
    ...unlessIn(port, 'admin_state_up', isBool, 'true or false'),
    ...unlessIn(port, 'security_groups', isTexts, 'a list of texts'),
  ]
}

/** Maps of the binding: the engine reads each value as one text. */
export function complaintsAboutBinding(port: Row): string[] {
  return ['binding:vif_details', 'binding:profile'].flatMap((name) =>
    unlessIn(port, name, isFlat, 'a map from names to texts, numbers, true or false'),
  )
}

function unlessIn(row: Row, name: string, readable: (value: unknown) => boolean, expected: string): string[] {
  const value = row[name]
  return value === undefined || value === null || readable(value)
    ? []
    : [`${name} of ${row.id} is ${show(value)}, where the engine reads ${expected}`]
}

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText))
const isBool = (value: unknown) => typeof value === 'boolean' || /^(true|false)$/i.test(String(value))
const isWhole = (value: unknown) => Number.isInteger(value) || (isText(value) && /^-?\d+$/.test(String(value)))
const isFlat = (value: unknown) =>
  isObject(value) && Object.values(value).every((each) => typeof each !== 'object' || each === null)
