// /networks.
import { bool } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import type { NetworkService } from '../services/networks.ts'
import type { Network } from '../store/entities/networks.ts'
import { registerResource } from './resource-routes.ts'

export function registerNetworks(app: FastifyInstance, networks: NetworkService): void {
  registerResource(app, {
    type: networkType,
    path: '/networks',
    present: (network: Network, href) => ({
      value: presentNetwork(network),
      shown: { links: { vnicprofiles: `${href}/vnicprofiles` } },
    }),
    list: () => networks.list(),
    get: ({ id }) => networks.get(id!),
    // Ours: oVirt's API cannot remove a network from its provider.
    remove: ({ id }, query) => {
      const given = Object.fromEntries(query)
      const { remove_from_provider: fromProvider } = readElements({ remove_from_provider: bool }, given, 'query')
      return networks.remove(id!, fromProvider ?? false)
    },
  })
}

export const presentNetwork = (network: Network) => ({
  name: network.name,
  description: network.description,
  data_center: { id: network.dataCenterId },
  mtu: network.mtu,
  usages: ['vm'],
  vdsm_name: network.vdsmName,
  external_provider: { id: network.providerId },
})
