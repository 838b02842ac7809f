// /openstacknetworkproviders: network providers, their networks and subnets.
import type { Answered } from '@patchbay/networking-api/client.ts'
import type { Network } from '@patchbay/networking-api/networks.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import { reference } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { providerNetworkType, providerType, subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import type { FastifyInstance } from 'fastify'
import type { ProviderNetworkService } from '../services/provider-networks.ts'
import type { ProviderService } from '../services/providers.ts'
import type { Provider } from '../store/entities/providers.ts'
import { registerAction, registerResource } from './resource-routes.ts'

const base = '/openstacknetworkproviders'
const networks = `${base}/:provider/networks`

export function registerProviders(
  app: FastifyInstance,
  providers: ProviderService,
  providerNetworks: ProviderNetworkService,
): void {
  registerResource(app, {
    type: providerType,
    path: base,
    present: (provider, href) => ({
      value: presentProvider(provider),
      shown: { links: { networks: `${href}/networks` }, actions: { testconnectivity: `${href}/testconnectivity` } },
    }),
    list: () => providers.list(),
    get: ({ id }) => providers.get(id!),
    add: (request) => providers.add(request),
    edit: (request, { id }) => providers.edit(id!, request),
    remove: ({ id }) => providers.remove(id!),
  })
  registerAction(app, `${base}/:id/testconnectivity`, ({ id }) => providers.test(id!), { bareFault: true })

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
    const { data_center } = readElements({ data_center: reference }, body, 'action')
    await providerNetworks.import(provider!, id!, data_center)
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

const presentProvider = (provider: Provider) => ({
  name: provider.name,
  description: provider.description,
  type: provider.type,
  url: provider.url,
  requires_authentication: provider.requiresAuthentication,
  username: provider.username || undefined,
  authentication_url: provider.authenticationUrl || undefined,
  tenant_name: provider.tenantName || undefined,
  user_domain_name: provider.userDomainName || undefined,
  project_name: provider.projectName || undefined,
  project_domain_name: provider.projectDomainName || undefined,
  external_plugin_type: provider.pluginType || undefined,
  read_only: provider.readOnly,
  auto_sync: false,
  unmanaged: false,
  properties: Object.entries(provider.properties).map(([name, value]) => ({ name, value })),
})

const presentSubnet = (subnet: Answered<Subnet>) => ({
  name: subnet.name,
  cidr: subnet.cidr,
  ip_version: subnet.ip_version === 6 ? ('v6' as const) : ('v4' as const),
  gateway: subnet.gateway_ip ?? undefined,
  dns_servers: subnet.dns_nameservers ?? [],
  openstack_network: { id: subnet.network_id },
})
