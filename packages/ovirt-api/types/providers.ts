// Network providers, and what they have.
import { bool, choice, int, list, reference, referenceTo, resource, struct, text } from '../element.ts'

export const providerType = resource('openstack_network_provider', 'openstack_network_providers', {
  name: text,
  description: text,
  type: choice('external', 'neutron'),
  url: text,
  requires_authentication: bool,
  username: text,
  /** Never in an answer. */
  password: text,
  authentication_url: text,
  tenant_name: text,
  user_domain_name: text,
  project_name: text,
  project_domain_name: text,
  external_plugin_type: text,
  /** How OpenStack providers said it once. */
  plugin_type: choice('open_vswitch'),
  read_only: bool,
  auto_sync: bool,
  unmanaged: bool,
  properties: list('property', struct({ name: text, value: text })),
  /** Ours: whether it answers. */
  status: choice('unknown', 'up', 'unreachable', 'probing'),
  status_detail: text,
  /** Since when. */
  status_since: text,
})

/** Of a provider's server: its own is first, then who signed it. */
export const certificateType = resource('certificate', 'certificates', {
  subject: text,
  issuer: text,
  /** SHA-256, hexadecimal pairs with colons. */
  fingerprint: text,
  self_signed: bool,
  /** Base64 of DER. */
  content: text,
})

export const providerNetworkType = resource('openstack_network', 'openstack_networks', {
  name: text,
  openstack_network_provider: referenceTo('openstacknetworkproviders'),
  /** This and what follows is ours. */
  description: text,
  mtu: int,
  port_security_enabled: bool,
  network_type: text,
  physical_network: text,
  segmentation_id: int,
  /** Where it is imported already. */
  data_centers: list('data_center', referenceTo('datacenters')),
})

/** Ours. */
export const portType = resource('openstack_port', 'openstack_ports', {
  name: text,
  openstack_network: reference,
  mac_address: text,
  ip_addresses: list('ip_address', text),
  status: text,
  admin_state_up: bool,
  device_owner: text,
  device_id: text,
  binding_host_id: text,
  security_groups: list('security_group', text),
  /** Of this engine. */
  nic: reference,
  vm: referenceTo('vms'),
})

export const subnetType = resource('openstack_subnet', 'openstack_subnets', {
  name: text,
  cidr: text,
  ip_version: choice('v4', 'v6'),
  gateway: text,
  dns_servers: list('dns_server', text),
  openstack_network: reference,
  /** Ours, as is what follows: ports get their addresses out of these. */
  allocation_pools: list('allocation_pool', struct({ start: text, end: text })),
  dhcp: bool,
})
