// The networks of a cluster.
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { FastifyInstance } from 'fastify'
import type { ClusterNetwork, ClusterNetworkService } from '../../services/networks/cluster-networks.ts'
import { registerResource } from '../http/resource-routes.ts'
import { presentNetwork } from '../networks/networks.ts'

export function registerClusterNetworks(app: FastifyInstance, networks: ClusterNetworkService): void {
  registerResource(app, {
    type: networkType,
    path: '/clusters/:cluster/networks',
    present: (network: ClusterNetwork) => ({ value: presentClusterNetwork(network) }),
    list: ({ cluster }) => networks.list(cluster!),
    get: ({ cluster, id }) => networks.get(cluster!, id!),
    add: (request, { cluster }) => networks.attach(cluster!, request),
    edit: (request, { cluster, id }) => networks.edit(cluster!, id!, request),
    remove: ({ cluster, id }) => networks.detach(cluster!, id!),
  })
}

function presentClusterNetwork({ network, attachment, status }: ClusterNetwork) {
  const { display, migration, management, defaultRoute, gluster, required } = attachment
  const roles = { vm: network.vmNetwork, display, migration, management, default_route: defaultRoute, gluster }
  const usages = (Object.keys(roles) as (keyof typeof roles)[]).filter((role) => roles[role])
  return { ...presentNetwork(network), usages, required, display, status }
}
