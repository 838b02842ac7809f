// /hosts.
import { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { registerResource } from './resource-routes.ts'

export function registerHosts(app: FastifyInstance, hosts: Context['hosts']): void {
  registerResource(app, {
    type: hostType,
    path: '/hosts',
    present: ({ name, comment, address, port, clusterId, status, statusDetail, reinstallationRequired }) => ({
      value: {
        name,
        comment,
        address,
        port,
        cluster: { id: clusterId },
        status,
        status_detail: statusDetail || undefined,
        reinstallation_required: reinstallationRequired,
      },
    }),
    list: () => hosts.list(),
    get: ({ id }) => hosts.get(id!),
    add: (request) => hosts.add(request),
    remove: ({ id }) => hosts.remove(id!),
  })
}
