// Who may do what with data centers, clusters and hosts, and with what the engine tells of itself.
import type { PermitName } from '../../store/entities/permits.ts'
import { administrators, all, anybody, has, lists, needs, onGiven, onParam, type Rule, sees, when } from './rule.ts'

const onHost = (permit: PermitName, param = 'id') => needs(permit, onParam('host', param))
const onCluster = (permit: PermitName) => needs(permit, onParam('cluster'))
const configuring = needs('configure_engine')
/** A cluster takes the addresses of its vNICs from it. */
const macPool = when(has('mac_pool'), needs('configure_mac_pool', onGiven('mac_pool')))

export const infrastructureRules: Readonly<Record<string, Rule>> = {
  'GET ': anybody,

  'GET /datacenters': lists('data_center'),
  'GET /datacenters/:id': sees('data_center'),
  'POST /datacenters': needs('create_storage_pool'),
  'PUT /datacenters/:id': needs('edit_storage_pool_configuration', onParam('data_center')),
  'DELETE /datacenters/:id': needs('delete_storage_pool', onParam('data_center')),

  'GET /clusters': lists('cluster'),
  'GET /clusters/:id': sees('cluster'),
  'POST /clusters': all(needs('create_cluster', onGiven('data_center')), macPool),
  'PUT /clusters/:id': all(onCluster('edit_cluster_configuration'), macPool),
  'DELETE /clusters/:id': onCluster('delete_cluster'),
  'GET /clusters/:cluster/externalnetworkproviders': administrators,
  'GET /datacenters/:dataCenter/clusters': all(sees('data_center', 'dataCenter'), lists('cluster')),
  'GET /datacenters/:dataCenter/clusters/:id': sees('cluster'),
  'POST /datacenters/:dataCenter/clusters': all(needs('create_cluster', onParam('data_center', 'dataCenter')), macPool),
  'PUT /datacenters/:dataCenter/clusters/:id': all(onCluster('edit_cluster_configuration'), macPool),
  'DELETE /datacenters/:dataCenter/clusters/:id': onCluster('delete_cluster'),

  'GET /hosts': lists('host'),
  'GET /hosts/:id': sees('host'),
  'POST /hosts': needs('create_host', onGiven('cluster')),
  'PUT /hosts/:id': all(
    onHost('edit_host_configuration'),
    when(has('cluster'), needs('create_host', onGiven('cluster'))),
  ),
  'DELETE /hosts/:id': onHost('delete_host'),
  'POST /hosts/:id/activate': onHost('manipulate_host'),
  'POST /hosts/:id/deactivate': onHost('manipulate_host'),
  'POST /hosts/:id/refresh': onHost('manipulate_host'),
  'POST /hosts/:id/install': onHost('edit_host_configuration'),
  'POST /hosts/:id/upgrade': onHost('edit_host_configuration'),
  'POST /hosts/:id/upgradecheck': onHost('edit_host_configuration'),
  'POST /hosts/:id/fence': onHost('manipulate_host'),
  'POST /hosts/:id/enrollcertificate': onHost('edit_host_configuration'),
  'POST /hosts/:id/enroltoken': onHost('edit_host_configuration'),
  'POST /hosts/:id/revokecertificate': onHost('edit_host_configuration'),
  'POST /hosts/:id/deploydrivers': onHost('edit_host_configuration'),
  'GET /hosts/:host/driverdeployments': sees('host', 'host'),
  'GET /hosts/:host/drivers': sees('host', 'host'),
  'GET /hosts/:host/drivers/:id': sees('host', 'host'),

  'GET /driverpackages': administrators,
  'GET /driverpackages/:id': administrators,
  'POST /driverpackages': configuring,
  'DELETE /driverpackages/:id': configuring,
  'GET /driverpackages/:package/deployments': administrators,
  'GET /openstacknetworkproviders/:provider/driverpackages': administrators,
  'POST /openstacknetworkproviders/:provider/driverpackages': configuring,
  'DELETE /openstacknetworkproviders/:provider/driverpackages/:id': configuring,

  'GET /schedulingpolicies': anybody,
  'GET /schedulingpolicies/:id': anybody,
  'GET /topology': administrators,
  'GET /reconciliations': administrators,
  'GET /reconciliations/:id': administrators,
  'POST /reconciliations': configuring,
}
