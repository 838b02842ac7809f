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
  read_only: bool,
  auto_sync: bool,
  unmanaged: bool,
  properties: list('property', struct({ name: text, value: text })),
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
