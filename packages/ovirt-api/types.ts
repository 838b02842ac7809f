// The types of oVirt's API that concern external networks, each described once.
import { bool, choice, int, list, reference, resource, struct, text } from './element.ts'

export const dataCenterType = resource('data_center', 'data_centers', {
  name: text,
  description: text,
  comment: text,
  status: text,
})

export const clusterType = resource('cluster', 'clusters', {
  name: text,
  description: text,
  comment: text,
  data_center: reference,
  switch_type: choice('legacy', 'ovs'),
})

export const hostType = resource('host', 'hosts', {
  name: text,
  comment: text,
  address: text,
  port: int,
  cluster: reference,
  status: text,
  status_detail: text,
  ovn_configured: bool,
})

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

export const networkType = resource('network', 'networks', {
  name: text,
  description: text,
  comment: text,
  data_center: reference,
  mtu: int,
  usages: list('usage', text),
  vdsm_name: text,
  external_provider: reference,
  /** In the context of a cluster. */
  required: bool,
})

export const vnicProfileType = resource('vnic_profile', 'vnic_profiles', {
  name: text,
  description: text,
  network: reference,
  custom_properties: list('custom_property', struct({ name: text, value: text })),
})

export const vmType = resource('vm', 'vms', {
  name: text,
  description: text,
  comment: text,
  cluster: reference,
  template: reference,
  host: reference,
  status: text,
  status_detail: text,
  memory: int,
  custom_properties: list('custom_property', struct({ name: text, value: text })),
})

export const nicType = resource('nic', 'nics', {
  name: text,
  interface: choice('virtio', 'e1000', 'e1000e', 'rtl8139'),
  linked: bool,
  plugged: bool,
  mac: struct({ address: text }),
  vnic_profile: reference,
  vm: reference,
})

export const eventType = resource('event', 'events', {
  code: int,
  severity: choice('normal', 'warning', 'error', 'alert'),
  time: text,
  description: text,
  correlation_id: text,
})
