// /datacenters.
import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { registerResource } from './resource-routes.ts'

export function registerDataCenters(app: FastifyInstance, dataCenters: Context['dataCenters']): void {
  registerResource(app, {
    type: dataCenterType,
    path: '/datacenters',
    present: ({ name, description, comment }, href) => ({
      value: { name, description, comment, status: 'up' },
      shown: { links: { networks: `${href}/networks` } },
    }),
    list: () => dataCenters.list(),
    get: ({ id }) => dataCenters.get(id!),
    add: (request) => dataCenters.add(request),
    edit: (request, { id }) => dataCenters.edit(id!, request),
    remove: ({ id }) => dataCenters.remove(id!),
  })
}
