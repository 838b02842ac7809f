// The networks of a cluster.
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import type { ClusterNetworkService } from '../services/networks/cluster-networks.ts'
import type { Network } from '../store/entities/networks.ts'
import { presentNetwork } from './networks.ts'
import { registerResource } from './resource-routes.ts'

export function registerClusterNetworks(app: FastifyInstance, networks: ClusterNetworkService): void {
  registerResource(app, {
    type: networkType,
    path: '/clusters/:cluster/networks',
    present: (network: Network) => ({ value: { ...presentNetwork(network), required: false } }),
    list: ({ cluster }) => networks.list(cluster!),
    add: (request, { cluster }) => networks.attach(cluster!, request),
    remove: ({ cluster, id }) => networks.detach(cluster!, id!),
  })
}
