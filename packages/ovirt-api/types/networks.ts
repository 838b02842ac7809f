// Networks of the engine, and their vNIC profiles.
import { bool, choice, int, list, reference, referenceTo, resource, struct, text } from '../element.ts'
import { subnetType } from './providers.ts'

const { name, cidr, ip_version, gateway, dns_servers } = subnetType.fields

export const networkType = resource('network', 'networks', {
  name: text,
  description: text,
  comment: text,
  data_center: referenceTo('datacenters'),
  mtu: int,
  vlan: struct({ id: int }),
  /** The others than vm: in the context of a cluster. */
  usages: list('usage', choice('vm', 'display', 'migration', 'management', 'default_route', 'gluster')),
  stp: bool,
  port_isolation: bool,
  dns_resolver_configuration: struct({ name_servers: list('name_server', text) }),
  profile_required: bool,
  vdsm_name: text,
  external_provider: referenceTo('openstacknetworkproviders'),
  external_provider_physical_network: referenceTo('networks'),
  /** In the context of a cluster, these three. */
  required: bool,
  display: bool,
  status: choice('operational', 'non_operational'),

  /** Ours: its id at its provider. */
  external_id: text,

  // What follows is ours, for networks that are made on a provider.
  /** A physical network by the name that the provider knows, and its VLAN. */
  external_provider_physical_network_name: text,
  external_provider_vlan: struct({ id: int }),
  port_security_enabled: bool,
  subnets: list('subnet', struct({ name, cidr, ip_version, gateway, dns_servers })),
  /** Every user may use its vNIC profile. */
  public_use: bool,
  /** Where it is attached at once, not required. */
  clusters: list('cluster', referenceTo('clusters')),
})

/** Its id is the label itself. */
export const networkLabelType = resource('network_label', 'network_labels', {
  network: referenceTo('networks'),
  /** Of an interface of a host. */
  host_nic: struct({ ...reference.fields, href: text }),
})

export const vnicProfileType = resource('vnic_profile', 'vnic_profiles', {
  name: text,
  description: text,
  comment: text,
  network: referenceTo('networks'),
  custom_properties: list('custom_property', struct({ name: text, value: text })),
  port_mirroring: bool,
  pass_through: struct({ mode: choice('enabled', 'disabled') }),
  /** Of those with pass-through, as is `failover`. */
  migratable: bool,
  failover: referenceTo('vnicprofiles'),
  /** An empty one is none. */
  network_filter: referenceTo('networkfilters'),
  qos: reference,
  /** Ours: every user may use it. */
  public_use: bool,
})

export const networkFilterType = resource('network_filter', 'network_filters', {
  name: text,
  version: struct({ major: int, minor: int }),
})
