// /hosts: as resources, and what is done with them.
import { bool, text } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { shownStatus } from '../../hosts/host-status.ts'
import { hostSearch } from '../../search/searchables.ts'
import type { HostActions } from '../../services/hosts/host-actions.ts'
import type { Host } from '../../store/entities/infrastructure.ts'
import { registerAction, registerResource } from '../http/resource-routes.ts'
import { hostNetworkActions, hostNetworkLinks } from './host-networks.ts'

const actionsOf: Readonly<Record<string, keyof HostActions>> = {
  activate: 'activate',
  deactivate: 'deactivate',
  refresh: 'refresh',
  install: 'install',
  upgrade: 'upgrade',
  upgradecheck: 'upgradeCheck',
  enrollcertificate: 'enrollCertificate',
}
const actionNames = [...Object.keys(actionsOf), 'fence', ...hostNetworkActions]

export function registerHosts(
  app: FastifyInstance,
  { hosts, hostActions, parts }: Pick<Context, 'hosts' | 'hostActions' | 'parts'>,
): void {
  const withCapabilities = async (rows: readonly Host[]): Promise<ShownHost[]> => {
    const known = await parts.store.hostCapabilities.getAll(rows.map(({ id }) => id))
    return rows.map((host) => ({ ...host, ovnConfigured: known.get(host.id)?.capabilities.ovnConfigured }))
  }
  const withCapability = async (host: Host) => (await withCapabilities([host]))[0]!
  registerResource(app, {
    type: hostType,
    path: '/hosts',
    present: (host: ShownHost, href) => ({
      value: presentHost(host),
      shown: {
        links: Object.fromEntries([...hostNetworkLinks, 'drivers'].map((rel) => [rel, `${href}/${rel}`])),
        actions: Object.fromEntries(actionNames.map((name) => [name, `${href}/${name}`])),
      },
    }),
    search: hostSearch,
    list: async (_params, wanted) => withCapabilities(await hosts.list(wanted)),
    get: async ({ id }) => withCapability(await hosts.get(id!)),
    add: async (request, _params, query) => withCapability(await hosts.add(request, isActivated(query))),
    edit: async (request, { id }) => withCapability(await hosts.edit(id!, request)),
    remove: ({ id }) => hosts.remove(id!),
  })
  for (const [name, action] of Object.entries(actionsOf))
    registerAction(app, `/hosts/:id/${name}`, ({ id }) => hostActions[action](id!, ''))
  registerAction(app, '/hosts/:id/fence', ({ id }, body) =>
    hostActions.fence(id!, readElements({ fence_type: text }, body, 'action').fence_type ?? ''),
  )
}

/** `POST /hosts?activate=false`: it gets no VMs until somebody activates it. */
const isActivated = (query: URLSearchParams) =>
  readElements({ activate: bool }, Object.fromEntries(query), 'query').activate ?? true

type ShownHost = Host & { readonly ovnConfigured: boolean | undefined }

const presentHost = (host: ShownHost) => ({
  name: host.name,
  comment: host.comment,
  address: host.address,
  port: host.port,
  cluster: { id: host.clusterId },
  status: shownStatus(host),
  status_detail: host.statusDetail || undefined,
  ovn_configured: host.ovnConfigured,
  reinstallation_required: host.reinstallationRequired,
})
