// /openstacknetworkproviders/{provider}/networks: what a provider has now, and what is changed there.
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import { bool, list, reference, text } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { portType, providerNetworkType, subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import type { FastifyInstance } from 'fastify'
import type { ProviderNetworkService, ShownExternal } from '../../services/providers/provider-networks.ts'
import type { ProviderPortService, ShownPort } from '../../services/providers/provider-ports.ts'
import type { ProviderSubnetService } from '../../services/providers/provider-subnets.ts'
import { registerAction, registerResource } from '../http/resource-routes.ts'

const networks = '/openstacknetworkproviders/:provider/networks'

/** All but the data center are ours. */
const importElements = {
  data_center: reference,
  name: text,
  public_use: bool,
  clusters: list('cluster', reference),
  all_clusters: bool,
}

export interface ExternalServices {
  readonly networks: ProviderNetworkService
  readonly subnets: ProviderSubnetService
  readonly ports: ProviderPortService
}

export function registerProviderNetworks(app: FastifyInstance, services: ExternalServices): void {
  registerResource(app, {
    type: providerNetworkType,
    path: networks,
    present: (network: ShownExternal, href) => ({
      value: presentExternal(network, href.split('/')[4]!),
      shown: {
        links: { subnets: `${href}/subnets`, ports: `${href}/ports` },
        actions: { import: `${href}/import` },
      },
    }),
    list: ({ provider }) => services.networks.list(provider!),
    get: ({ provider, id }) => services.networks.get(provider!, id!),
    edit: (request, { provider, id }) => services.networks.edit(provider!, id!, request),
  })
  registerAction(app, `${networks}/:id/import`, async ({ provider, id }, body) => {
    const given = readElements(importElements, body, 'action')
    await services.networks.import(provider!, id!, {
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
    list: ({ provider, network }) => services.subnets.list(provider!, network!),
    get: ({ provider, network, id }) => services.subnets.get(provider!, network!, id!),
    add: (request, { provider, network }) => services.subnets.add(provider!, network!, request),
    edit: (request, { provider, network, id }) => services.subnets.edit(provider!, network!, id!, request),
    remove: ({ provider, network, id }) => services.subnets.remove(provider!, network!, id!),
  })

  registerResource(app, {
    type: portType,
    path: `${networks}/:network/ports`,
    present: (shown: ShownPort) => ({ value: presentPort(shown) }),
    list: ({ provider, network }) => services.ports.list(provider!, network!),
    get: ({ provider, network, id }) => services.ports.get(provider!, network!, id!),
  })
}

const presentExternal = ({ external, dataCenterIds }: ShownExternal, providerId: string) => ({
  name: external.name,
  openstack_network_provider: { id: providerId },
  description: external.description || undefined,
  mtu: external.mtu === undefined ? undefined : Number(external.mtu),
  port_security_enabled: external.port_security_enabled,
  network_type: external['provider:network_type'] ?? undefined,
  physical_network: external['provider:physical_network'] ?? undefined,
  segmentation_id: external['provider:segmentation_id'] ?? undefined,
  data_centers: dataCenterIds.map((id) => ({ id })),
})

const presentPort = ({ port, nic }: ShownPort) => ({
  name: port.name,
  openstack_network: { id: port.network_id },
  mac_address: port.mac_address,
  ip_addresses: (port.fixed_ips ?? []).map(({ ip_address }) => ip_address),
  status: port.status,
  admin_state_up: port.admin_state_up,
  device_owner: port.device_owner || undefined,
  device_id: port.device_id || undefined,
  binding_host_id: port['binding:host_id'] || undefined,
  security_groups: port.security_groups ?? [],
  nic: nic && { id: nic.id },
  vm: nic && { id: nic.vmId },
})

const presentSubnet = (subnet: Answered<Subnet>) => ({
  name: subnet.name,
  cidr: subnet.cidr,
  ip_version: subnet.ip_version === 6 ? ('v6' as const) : ('v4' as const),
  gateway: subnet.gateway_ip ?? undefined,
  dns_servers: subnet.dns_nameservers ?? [],
  openstack_network: { id: subnet.network_id },
  allocation_pools: subnet.allocation_pools ?? [],
  dhcp: subnet.enable_dhcp,
})
