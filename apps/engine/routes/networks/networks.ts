// /networks, also below their data center.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { bool } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import { networkSearch } from '../../search/searchables.ts'
import type { NetworkService } from '../../services/networks/networks.ts'
import type { Network } from '../../store/entities/networks.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerNetworks(app: FastifyInstance, networks: NetworkService): void {
  registerResource(app, {
    type: networkType,
    path: '/networks',
    present,
    search: networkSearch,
    list: (_params, wanted) => networks.list(wanted),
    get: ({ id }) => networks.get(id!),
    add: (request) => networks.add(request),
    edit: (request, { id }) => networks.edit(id!, request),
    remove: ({ id }, query) => networks.remove(id!, isFromProvider(query)),
  })
  registerResource(app, {
    type: networkType,
    path: '/datacenters/:dataCenter/networks',
    present,
    list: ({ dataCenter }) => networks.ofDataCenter(dataCenter!),
    get: ({ dataCenter, id }) => networks.get(id!, dataCenter!),
    add: (request, { dataCenter }) => networks.add({ ...request, data_center: { id: dataCenter } }),
    edit: async (request, { dataCenter, id }) => {
      await networks.get(id!, dataCenter!)
      return networks.edit(id!, request)
    },
    remove: async ({ dataCenter, id }, query) => {
      await networks.get(id!, dataCenter!)
      await networks.remove(id!, isFromProvider(query))
    },
  })
}

/** Ours: oVirt's API cannot remove a network from its provider. */
function isFromProvider(query: URLSearchParams): boolean {
  const given = Object.fromEntries(query)
  return readElements({ remove_from_provider: bool }, given, 'query').remove_from_provider ?? false
}

function present(network: Network) {
  const own = `${apiPath}/networks/${network.id}`
  return {
    value: { ...presentNetwork(network), usages: network.vmNetwork ? (['vm'] as const) : [] },
    shown: { links: { vnicprofiles: `${own}/vnicprofiles`, networklabels: `${own}/networklabels` } },
  }
}

export const presentNetwork = (network: Network) => ({
  name: network.name,
  description: network.description,
  comment: network.comment,
  data_center: { id: network.dataCenterId },
  mtu: network.mtu,
  vlan: network.vlanId === null ? undefined : { id: network.vlanId },
  stp: network.stp,
  port_isolation: network.portIsolation,
  dns_resolver_configuration: network.dnsServers.length > 0 ? { name_servers: network.dnsServers } : undefined,
  vdsm_name: network.vdsmName,
  external_provider: network.providerId === '' ? undefined : { id: network.providerId },
  external_id: network.externalId || undefined,
  external_provider_physical_network: network.physicalNetworkId === '' ? undefined : { id: network.physicalNetworkId },
})
