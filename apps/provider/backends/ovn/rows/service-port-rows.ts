// The switch ports of routers and floating IPs: what differs from those of guests.
import { type Port, portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { SwitchPortRow } from '../northbound.ts'
import { ownAttributes } from './own-attributes.ts'

/** The name of the router's side; `rowId`: of the switch's side. As ovirt-provider-ovn's. */
export const routerPortName = (rowId: string) => `lrp${rowId}`

/** Columns and options in place of those of a guest's port. Empty for that. */
export function serviceColumns({ id, device_owner: owner }: Port): {
  readonly columns: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, string>>
} {
  if (owner === portOwners.floatingIp) return { columns: { addresses: [], ...silent }, options: {} }
  if (owner !== portOwners.interface && owner !== portOwners.gateway) return { columns: {}, options: {} }
  const peer = { 'router-port': routerPortName(id) }
  return {
    columns: { type: 'router', addresses: ['router'], ...silent },
    // What the router translates is announced on the external network.
    options: owner === portOwners.gateway ? { ...peer, 'nat-addresses': 'router' } : peer,
  }
}

const silent = { port_security: [], dhcpv4_options: null, dhcpv6_options: null }

/** OVN must not answer for a floating IP here, as the router does: its address is in our text alone. */
export function withKeptAddresses(row: SwitchPortRow): SwitchPortRow {
  const { mac_address: mac, fixed_ips: ips } = ownAttributes(row.external_ids)
  const texts = (Array.isArray(ips) ? ips : []).map((fixed) => String(fixed?.ip_address))
  return { ...row, addresses: [[String(mac ?? ''), ...texts].join(' ')] }
}

export const isOfFloatingIp = ({ type, external_ids }: SwitchPortRow) =>
  type === '' && external_ids.ovirt_device_owner === portOwners.floatingIp
