// /datacenters, /clusters and /hosts.
import { clusterType, dataCenterType, hostType } from '@patchbay/ovirt-api/types.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { registerResource } from './resource-routes.ts'

export function registerInfrastructure(
  app: FastifyInstance,
  { dataCenters, clusters, hosts }: Pick<Context, 'dataCenters' | 'clusters' | 'hosts'>,
): void {
  registerResource(app, {
    type: dataCenterType,
    path: '/datacenters',
    present: ({ name, description }) => ({ value: { name, description, status: 'up' } }),
    list: () => dataCenters.list(),
    get: ({ id }) => dataCenters.get(id!),
    add: (request) => dataCenters.add(request),
    remove: ({ id }) => dataCenters.remove(id!),
  })
  registerResource(app, {
    type: clusterType,
    path: '/clusters',
    present: ({ name, description, dataCenterId, switchType }, href) => ({
      value: {
        name,
        description,
        data_center: { id: dataCenterId },
        switch_type: switchType === 'ovs' ? 'ovs' : 'legacy',
      },
      shown: { links: { networks: `${href}/networks` } },
    }),
    list: () => clusters.list(),
    get: ({ id }) => clusters.get(id!),
    add: (request) => clusters.add(request),
    remove: ({ id }) => clusters.remove(id!),
  })
  registerResource(app, {
    type: hostType,
    path: '/hosts',
    present: ({ name, address, port, clusterId, status, statusDetail }) => ({
      value: { name, address, port, cluster: { id: clusterId }, status, status_detail: statusDetail || undefined },
    }),
    list: () => hosts.list(),
    get: ({ id }) => hosts.get(id!),
    add: (request) => hosts.add(request),
    remove: ({ id }) => hosts.remove(id!),
  })
}
