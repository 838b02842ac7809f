// /clusters, also below their data center, and the default network provider of each.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { clusterType, externalProviderType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import { clusterSearch } from '../../search/searchables.ts'
import type { ClusterService } from '../../services/clusters/clusters.ts'
import type { Cluster } from '../../store/entities/infrastructure.ts'
import type { Provider } from '../../store/entities/providers.ts'
import { registerResource } from '../http/resource-routes.ts'
import { clusterSettings } from './cluster-settings.ts'

export function registerClusters(app: FastifyInstance, clusters: ClusterService): void {
  registerResource(app, {
    type: clusterType,
    path: '/clusters',
    present,
    search: clusterSearch,
    list: (_params, wanted) => clusters.list(wanted),
    get: ({ id }) => clusters.get(id!),
    add: (request) => clusters.add(request),
    edit: (request, { id }) => clusters.edit(id!, request),
    remove: ({ id }) => clusters.remove(id!),
  })
  registerResource(app, {
    type: clusterType,
    path: '/datacenters/:dataCenter/clusters',
    present,
    list: ({ dataCenter }) => clusters.ofDataCenter(dataCenter!),
    get: ({ dataCenter, id }) => clusters.get(id!, dataCenter!),
    add: (request, { dataCenter }) => clusters.add({ ...request, data_center: { id: dataCenter } }),
    edit: async (request, { dataCenter, id }) => {
      await clusters.get(id!, dataCenter!)
      return clusters.edit(id!, request)
    },
    remove: async ({ dataCenter, id }) => {
      await clusters.get(id!, dataCenter!)
      await clusters.remove(id!)
    },
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

function present({ id, name, description, comment, dataCenterId, switchType, macPoolId }: Cluster) {
  const own = `${apiPath}/clusters/${id}`
  return {
    value: {
      name,
      description,
      comment,
      data_center: { id: dataCenterId },
      mac_pool: { id: macPoolId },
      switch_type: switchType === 'ovs' ? ('ovs' as const) : ('legacy' as const),
      ...clusterSettings,
    },
    shown: { links: { networks: `${own}/networks`, externalnetworkproviders: `${own}/externalnetworkproviders` } },
  }
}
