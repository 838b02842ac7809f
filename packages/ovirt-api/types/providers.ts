// Network providers, and what they have.
import { bool, choice, list, reference, resource, struct, text } from '../element.ts'

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
  openstack_network_provider: reference,
})

export const subnetType = resource('openstack_subnet', 'openstack_subnets', {
  name: text,
  cidr: text,
  ip_version: choice('v4', 'v6'),
  gateway: text,
  dns_servers: list('dns_server', text),
  openstack_network: reference,
})
