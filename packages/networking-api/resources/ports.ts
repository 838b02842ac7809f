// The port resource: the provider's side of a VM NIC.

import { atCreation, type Change, readOnly, required, type Values, writable } from '../resource.ts'
import { type AddressPair, addressPairs } from './address-pairs.ts'
import { dhcpOptions } from './dhcp-options.ts'
import { bool, flatMap, integer, ipAddress, listOf, mac, nullable, oneOf, shape, text, uuid } from './kinds.ts'
import { hostId, type InactiveBinding, inactiveBinding, maxInactiveBindings } from './port-bindings.ts'
import { tags } from './tags.ts'
import { vnicType } from './vnic-type.ts'

/** The owners of ports that come with routers and floating IPs, and go with them. */
export const portOwners = {
  interface: 'network:router_interface',
  gateway: 'network:router_gateway',
  floatingIp: 'network:floatingip',
} as const

export interface FixedIp {
  readonly subnet_id: string
  readonly ip_address: string
}

/** What a request may say: a subnet (any address of it), an address (any subnet that has it), or both. */
export interface FixedIpWish {
  readonly subnet_id?: string
  readonly ip_address?: string
}

export const notFixedIps = (shown: string) => `Invalid data format for fixed IP: '${shown}'`
export const fixedIp = shape<FixedIpWish>({ subnet_id: uuid, ip_address: ipAddress }, [], notFixedIps)

const attributes = {
  id: readOnly(uuid),
  name: writable(text(), ''),
  description: writable(text(), ''),
  tenant_id: atCreation(text()),
  project_id: atCreation(text()),
  network_id: required(uuid),
  mac_address: writable(mac),
  /** Left out on create: one address of a subnet, if the network has one. `[]`: none. */
  fixed_ips: writable(listOf(fixedIp, { complaint: notFixedIps })),
  /** The engine's NIC id. */
  device_id: writable(text(), ''),
  /** `oVirt` for a VM NIC of an oVirt engine; one of `portOwners` for what is no NIC. */
  device_owner: writable(text(), ''),
  admin_state_up: writable(bool, true),
  /** ACTIVE while the host it is bound to has it wired. */
  status: readOnly(oneOf(['ACTIVE', 'DOWN'])),
  /** Left out or `null`: the default group of the port's project. */
  security_groups: writable(nullable(listOf(uuid))),
  port_security_enabled: writable(bool),
  allowed_address_pairs: writable(addressPairs, []),
  /** An update changes the options that it names. */
  extra_dhcp_opts: writable(dhcpOptions, []),
  'binding:host_id': writable(hostId, ''),
  'binding:vnic_type': writable(vnicType, 'normal'),
  'binding:profile': writable(flatMap, {}),
  /** Ours, beside Neutron's: the hosts where the port's VIF carries frames (two during a migration). */
  wired_hosts: readOnly(listOf(text())),
  /** Ours, too: the port's bindings besides the active one, which the `binding:…` attributes say. */
  inactive_bindings: { ...readOnly(listOf(inactiveBinding, { maxItems: maxInactiveBindings })), initial: [] },
  'binding:vif_type': readOnly(text()),
  'binding:vif_details': readOnly(flatMap),
  tags: { ...readOnly(tags), initial: [] },
  created_at: readOnly(text()),
  updated_at: readOnly(text()),
  revision_number: readOnly(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
} as const

export const portType = { singular: 'port', plural: 'ports', attributes } as const

export type PortAttributes = typeof attributes
type ListAttribute = 'fixed_ips' | 'allowed_address_pairs' | 'security_groups' | 'inactive_bindings'
export type Port = Omit<Values<PortAttributes>, ListAttribute> & {
  readonly security_groups: readonly string[]
  readonly fixed_ips: readonly FixedIp[]
  readonly inactive_bindings: readonly InactiveBinding[]
  readonly allowed_address_pairs: readonly Required<AddressPair>[]
}
export type PortChange = Change<PortAttributes>
