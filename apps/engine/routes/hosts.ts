// /hosts.
import { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { registerResource } from './resource-routes.ts'

export function registerHosts(app: FastifyInstance, hosts: Context['hosts']): void {
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
