// Who may do what with networks, vNIC profiles, MAC pools, and network providers.
import { text } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import type { PermitName } from '../../store/entities/permits.ts'
import { on, system } from '../objects.ts'
import {
  administrators,
  all,
  anybody,
  has,
  lists,
  needs,
  onGiven,
  onParam,
  type Rule,
  sees,
  type Target,
  when,
} from './rule.ts'

const onNetwork = (permit: PermitName, param = 'id') => needs(permit, onParam('network', param))
/** As the networks of a whole system are: a provider belongs to no data center. */
const providers = needs('create_storage_pool_network')

/** A network that a provider has is whatever data centers have of it; one that none has is the provider's. */
const onExternal =
  (param: string): Target =>
  async ({ params, tables }) => {
    const external = { providerId: params.provider ?? '', externalId: params[param] ?? '' }
    const networks = await tables.networks.find(external)
    return networks.length > 0 ? networks.map(({ id }) => on('network', id)) : [system]
  }

const externalNetwork = (param: string) => needs('configure_storage_pool_network', onExternal(param))

/** The body of the request is the network: by its id, or by its name in the cluster's data center. */
const onAttached: Target = async ({ body, params, tables }) => {
  const { id, name } = readElements({ id: text, name: text }, body, 'network')
  if (id !== undefined) return [on('network', id)]
  const cluster = await tables.clusters.get(params.cluster ?? '')
  if (name === undefined || !cluster) return undefined
  const [network] = await tables.networks.find({ dataCenterId: cluster.dataCenterId, name })
  return network && [on('network', network.id)]
}

const external = '/openstacknetworkproviders'
const ofProvider = `${external}/:provider/networks`

export const networkRules: Readonly<Record<string, Rule>> = {
  'GET /networks': lists('network'),
  'GET /networks/:id': sees('network'),
  'POST /networks': needs('create_storage_pool_network', onGiven('data_center')),
  'PUT /networks/:id': onNetwork('configure_storage_pool_network'),
  'DELETE /networks/:id': onNetwork('delete_storage_pool_network'),
  'GET /datacenters/:dataCenter/networks': all(sees('data_center', 'dataCenter'), lists('network')),
  'GET /datacenters/:dataCenter/networks/:id': sees('network'),
  'POST /datacenters/:dataCenter/networks': needs('create_storage_pool_network', onParam('data_center', 'dataCenter')),
  'PUT /datacenters/:dataCenter/networks/:id': onNetwork('configure_storage_pool_network'),
  'DELETE /datacenters/:dataCenter/networks/:id': onNetwork('delete_storage_pool_network'),
  'GET /networks/:id/traffic': administrators,
  'GET /networks/:network/networklabels': sees('network', 'network'),
  'GET /networks/:network/networklabels/:id': sees('network', 'network'),
  'POST /networks/:network/networklabels': onNetwork('configure_storage_pool_network', 'network'),
  'DELETE /networks/:network/networklabels/:id': onNetwork('configure_storage_pool_network', 'network'),

  'GET /clusters/:cluster/networks': all(sees('cluster', 'cluster'), lists('network')),
  'GET /clusters/:cluster/networks/:id': all(sees('cluster', 'cluster'), sees('network')),
  'POST /clusters/:cluster/networks': needs('assign_cluster_network', onAttached),
  'PUT /clusters/:cluster/networks/:id': needs('configure_cluster_network', onParam('cluster', 'cluster')),
  'DELETE /clusters/:cluster/networks/:id': onNetwork('assign_cluster_network'),

  'GET /vnicprofiles': lists('vnic_profile'),
  'GET /vnicprofiles/:id': sees('vnic_profile'),
  'POST /vnicprofiles': needs('create_network_vnic_profile', onGiven('network')),
  'PUT /vnicprofiles/:id': needs('configure_network_vnic_profile', onParam('vnic_profile')),
  'DELETE /vnicprofiles/:id': needs('delete_network_vnic_profile', onParam('vnic_profile')),
  'GET /networks/:network/vnicprofiles': all(sees('network', 'network'), lists('vnic_profile')),
  'POST /networks/:network/vnicprofiles': onNetwork('create_network_vnic_profile', 'network'),

  'GET /macpools': lists('mac_pool'),
  'GET /macpools/:id': sees('mac_pool'),
  'POST /macpools': needs('create_mac_pool'),
  'PUT /macpools/:id': needs('edit_mac_pool', onParam('mac_pool')),
  'DELETE /macpools/:id': needs('delete_mac_pool', onParam('mac_pool')),
  'GET /networkfilters': anybody,
  'GET /networkfilters/:id': anybody,

  [`GET ${external}`]: administrators,
  [`GET ${external}/:id`]: administrators,
  [`POST ${external}`]: providers,
  [`PUT ${external}/:id`]: providers,
  [`DELETE ${external}/:id`]: providers,
  [`POST ${external}/:id/testconnectivity`]: providers,
  [`POST ${external}/:id/importcertificates`]: providers,
  [`POST ${external}/:id/sync`]: providers,
  [`POST ${external}/testconnectivity`]: providers,
  [`POST ${external}/readcertificates`]: providers,
  [`POST ${external}/importcertificates`]: providers,
  [`GET ${external}/:provider/certificates`]: administrators,
  [`GET ${external}/:provider/certificates/:id`]: administrators,
  [`GET ${ofProvider}`]: administrators,
  [`GET ${ofProvider}/:id`]: administrators,
  [`PUT ${ofProvider}/:id`]: externalNetwork('id'),
  [`POST ${ofProvider}/:id/import`]: all(
    needs('create_storage_pool_network', onGiven('data_center')),
    when(has('clusters', 'all_clusters'), needs('assign_cluster_network', onGiven('data_center'))),
  ),
  [`GET ${ofProvider}/:network/ports`]: administrators,
  [`GET ${ofProvider}/:network/ports/:id`]: administrators,
  [`GET ${ofProvider}/:network/subnets`]: administrators,
  [`GET ${ofProvider}/:network/subnets/:id`]: administrators,
  [`POST ${ofProvider}/:network/subnets`]: externalNetwork('network'),
  [`PUT ${ofProvider}/:network/subnets/:id`]: externalNetwork('network'),
  [`DELETE ${ofProvider}/:network/subnets/:id`]: externalNetwork('network'),
}
