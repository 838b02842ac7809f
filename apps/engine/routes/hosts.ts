// /hosts: as resources, and what is done with them.
import { text } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { shownStatus } from '../hosts/host-status.ts'
import type { HostActions } from '../services/hosts/host-actions.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import { registerAction, registerResource } from './resource-routes.ts'

const actionsOf: Readonly<Record<string, keyof HostActions>> = {
  activate: 'activate',
  deactivate: 'deactivate',
  refresh: 'refresh',
  install: 'install',
  upgrade: 'upgrade',
  upgradecheck: 'upgradeCheck',
  enrollcertificate: 'enrollCertificate',
}
const actionNames = [...Object.keys(actionsOf), 'fence']

export function registerHosts(
  app: FastifyInstance,
  { hosts, hostActions, parts }: Pick<Context, 'hosts' | 'hostActions' | 'parts'>,
): void {
  registerResource(app, {
    type: hostType,
    path: '/hosts',
    present: async (host: Host, href) => ({
      value: {
        ...presentHost(host),
        ovn_configured: (await parts.store.hostCapabilities.get(host.id))?.capabilities.ovnConfigured,
      },
      shown: { actions: Object.fromEntries(actionNames.map((name) => [name, `${href}/${name}`])) },
    }),
    list: () => hosts.list(),
    get: ({ id }) => hosts.get(id!),
    add: (request) => hosts.add(request),
    edit: (request, { id }) => hosts.edit(id!, request),
    remove: ({ id }) => hosts.remove(id!),
  })
  for (const [name, action] of Object.entries(actionsOf))
    registerAction(app, `/hosts/:id/${name}`, ({ id }) => hostActions[action](id!, ''))
  registerAction(app, '/hosts/:id/fence', ({ id }, body) =>
    hostActions.fence(id!, readElements({ fence_type: text }, body, 'action').fence_type ?? ''),
  )
}

const presentHost = (host: Host) => ({
  name: host.name,
  comment: host.comment,
  address: host.address,
  port: host.port,
  cluster: { id: host.clusterId },
  status: shownStatus(host),
  status_detail: host.statusDetail || undefined,
  reinstallation_required: host.reinstallationRequired,
})
