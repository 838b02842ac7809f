// Data centers, clusters and hosts.
import { bool, choice, int, list, referenceTo, resource, struct, text } from '../element.ts'

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
  data_center: referenceTo('datacenters'),
  switch_type: choice('legacy', 'ovs'),
  mac_pool: referenceTo('macpools'),
  /** The first of them is the default network provider; an empty list: none. */
  external_network_providers: list('external_provider', referenceTo('openstacknetworkproviders')),

  // The same for every cluster here. oVirt's Ansible module takes them for granted.
  version: struct({ major: int, minor: int }),
  scheduling_policy: referenceTo('schedulingpolicies'),
  memory_policy: struct({ over_commit: struct({ percent: int }) }),
  migration: struct({
    auto_converge: text,
    bandwidth: struct({ assignment_method: text }),
    compressed: text,
    encrypted: text,
  }),
  error_handling: struct({ on_error: text }),
  fencing_policy: struct({
    enabled: bool,
    skip_if_connectivity_broken: struct({ enabled: bool, threshold: int }),
    skip_if_gluster_bricks_up: bool,
    skip_if_gluster_quorum_not_met: bool,
    skip_if_sd_active: struct({ enabled: bool }),
  }),
  ksm: struct({ enabled: bool, merge_across_nodes: bool }),
  required_rng_sources: list('required_rng_source', text),
})

export const schedulingPolicyType = resource('scheduling_policy', 'scheduling_policies', {
  name: text,
  description: text,
  default_policy: bool,
  locked: bool,
})

export const hostType = resource('host', 'hosts', {
  name: text,
  comment: text,
  address: text,
  port: int,
  cluster: referenceTo('clusters'),
  status: text,
  status_detail: text,
  ovn_configured: bool,
  reinstallation_required: bool,
})

/** The default network provider of a cluster, as an entry of the cluster's list. */
export const externalProviderType = resource('external_provider', 'external_providers', {
  name: text,
  description: text,
  url: text,
  requires_authentication: bool,
  username: text,
})
