// /clusters.
import { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { registerResource } from './resource-routes.ts'

export function registerClusters(app: FastifyInstance, clusters: Context['clusters']): void {
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
}
