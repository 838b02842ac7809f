// /datacenters.
import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { dataCenterSearch } from '../../search/searchables.ts'
import type { DataCenter } from '../../store/entities/infrastructure.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerDataCenters(app: FastifyInstance, dataCenters: Context['dataCenters']): void {
  registerResource(app, {
    type: dataCenterType,
    path: '/datacenters',
    present: ({ name, description, comment }: DataCenter, href) => ({
      value: { name, description, comment, status: 'up' },
      shown: { links: { clusters: `${href}/clusters`, networks: `${href}/networks` } },
    }),
    search: dataCenterSearch,
    list: (_params, wanted) => dataCenters.list(wanted),
    get: ({ id }) => dataCenters.get(id!),
    add: (request) => dataCenters.add(request),
    edit: (request, { id }) => dataCenters.edit(id!, request),
    remove: ({ id }) => dataCenters.remove(id!),
  })
}
