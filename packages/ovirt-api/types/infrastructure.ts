// Data centers, clusters and hosts.
import { bool, choice, int, list, referenceTo, resource, text } from '../element.ts'

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
