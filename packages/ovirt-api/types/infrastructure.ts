// Data centers, clusters and hosts.
import { bool, choice, int, reference, resource, text } from '../element.ts'

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
