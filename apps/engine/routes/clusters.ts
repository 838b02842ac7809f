// /clusters, and the default network provider of each.
import { clusterType, externalProviderType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import { clusterSearch } from '../search/searchables.ts'
import type { ClusterService } from '../services/clusters/clusters.ts'
import type { Cluster } from '../store/entities/infrastructure.ts'
import type { Provider } from '../store/entities/providers.ts'
import { clusterSettings } from './cluster-settings.ts'
import { registerResource } from './resource-routes.ts'

export function registerClusters(app: FastifyInstance, clusters: ClusterService): void {
  registerResource(app, {
    type: clusterType,
    path: '/clusters',
    present: ({ name, description, comment, dataCenterId, switchType, macPoolId }: Cluster, href) => ({
      value: {
        name,
        description,
        comment,
        data_center: { id: dataCenterId },
        mac_pool: { id: macPoolId },
        switch_type: switchType === 'ovs' ? 'ovs' : 'legacy',
        ...clusterSettings,
      },
      shown: { links: { networks: `${href}/networks`, externalnetworkproviders: `${href}/externalnetworkproviders` } },
    }),
    search: clusterSearch,
    list: (_params, wanted) => clusters.list(wanted),
    get: ({ id }) => clusters.get(id!),
    add: (request) => clusters.add(request),
    edit: (request, { id }) => clusters.edit(id!, request),
    remove: ({ id }) => clusters.remove(id!),
  })
  registerResource(app, {
    type: externalProviderType,
    path: '/clusters/:cluster/externalnetworkproviders',
    present: ({ name, description, url, requiresAuthentication, username }: Provider) => ({
      value: {
        name,
        description,
        url,
        requires_authentication: requiresAuthentication,
        username: username || undefined,
      },
    }),
    list: ({ cluster }) => clusters.defaultProviders(cluster!),
  })
}
