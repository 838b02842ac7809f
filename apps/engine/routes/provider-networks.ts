// /openstacknetworkproviders/{provider}/networks: what a provider has now, and what is changed there.
import type { Answered } from '@patchbay/networking-api/client.ts'
import type { Network } from '@patchbay/networking-api/networks.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import { bool, list, reference, text } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { providerNetworkType, subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import type { FastifyInstance } from 'fastify'
import type { ProviderNetworkService } from '../services/provider-networks.ts'
import { registerAction, registerResource } from './resource-routes.ts'

const networks = '/openstacknetworkproviders/:provider/networks'

/** All but the data center are ours. */
const importElements = {
  data_center: reference,
  name: text,
  public_use: bool,
  clusters: list('cluster', reference),
  all_clusters: bool,
}

export function registerProviderNetworks(app: FastifyInstance, providerNetworks: ProviderNetworkService): void {
  registerResource(app, {
    type: providerNetworkType,
    path: networks,
    present: (network: Answered<Network>, href) => ({
      value: { name: network.name, openstack_network_provider: { id: href.split('/')[4]! } },
      shown: { links: { subnets: `${href}/subnets` }, actions: { import: `${href}/import` } },
    }),
    list: ({ provider }) => providerNetworks.list(provider!),
    get: ({ provider, id }) => providerNetworks.get(provider!, id!),
  })
  registerAction(app, `${networks}/:id/import`, async ({ provider, id }, body) => {
    const given = readElements(importElements, body, 'action')
    await providerNetworks.import(provider!, id!, {
      dataCenter: given.data_center,
      name: given.name,
      publicUse: given.public_use,
      clusters: given.all_clusters ? 'all' : given.clusters,
    })
  })

  registerResource(app, {
    type: subnetType,
    path: `${networks}/:network/subnets`,
    present: (subnet: Answered<Subnet>) => ({ value: presentSubnet(subnet) }),
    list: ({ provider, network }) => providerNetworks.subnets(provider!, network!),
    get: ({ provider, network, id }) => providerNetworks.subnet(provider!, network!, id!),
    add: (request, { provider, network }) => providerNetworks.addSubnet(provider!, network!, request),
    remove: ({ provider, network, id }) => providerNetworks.removeSubnet(provider!, network!, id!),
  })
}

const presentSubnet = (subnet: Answered<Subnet>) => ({
  name: subnet.name,
  cidr: subnet.cidr,
  ip_version: subnet.ip_version === 6 ? ('v6' as const) : ('v4' as const),
  gateway: subnet.gateway_ip ?? undefined,
  dns_servers: subnet.dns_nameservers ?? [],
  openstack_network: { id: subnet.network_id },
})
