// Below a host: its interfaces, the networks attached to them, and what sets them up.
import { readElements } from '@patchbay/ovirt-api/json.ts'
import {
  externalProviderConfigurationType,
  hostNicType,
  networkAttachmentType,
  unmanagedNetworkType,
} from '@patchbay/ovirt-api/types/host-networks.ts'
import { networkLabelType } from '@patchbay/ovirt-api/types/networks.ts'
import { statisticType } from '@patchbay/ovirt-api/types/nic-details.ts'
import { setupNetworksElements } from '@patchbay/ovirt-api/types/setup-networks.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import type { HostNetworkService, ShownAttachment } from '../../services/host-networks/host-networks.ts'
import { type HostNicStatistic, linkStates, statisticsOf } from '../../services/host-networks/link-states.ts'
import type { ShownNicLabel } from '../../services/host-networks/nic-labels.ts'
import type { UnmanagedNetwork } from '../../services/host-networks/unmanaged-networks.ts'
import { one } from '../http/one.ts'
import { type Params, registerAction, registerResource } from '../http/resource-routes.ts'
import {
  presentAttachment,
  presentHostNic,
  presentNicReference,
  type ShownNic,
  shownNics,
} from './present-host-networks.ts'

export const hostNetworkLinks = [
  'nics',
  'networkattachments',
  'unmanagednetworks',
  'externalnetworkproviderconfigurations',
]
export const hostNetworkActions = ['setupnetworks', 'commitnetconfig', 'syncallnetworks']

export function registerHostNetworks(
  app: FastifyInstance,
  {
    hostNetworks,
    nicLabels,
    unmanagedNetworks,
    hosts,
    clusters,
    parts,
  }: Pick<Context, 'hostNetworks' | 'nicLabels' | 'unmanagedNetworks' | 'hosts' | 'clusters' | 'parts'>,
): void {
  const nics = async (hostId: string) => shownNics(await hostNetworks.nics(hostId), await linkStates(parts, hostId))
  const nicOf = async (hostId: string, id: string) => one(await nics(hostId), 'Host network interface', id)
  registerResource(app, {
    type: hostNicType,
    path: '/hosts/:host/nics',
    present: (nic: ShownNic, href) => ({
      value: presentHostNic(nic),
      shown: {
        links: Object.fromEntries(
          ['networkattachments', 'networklabels', 'statistics'].map((rel) => [rel, `${href}/${rel}`]),
        ),
      },
    }),
    list: ({ host }) => nics(host!),
    get: ({ host, id }) => nicOf(host!, id!),
  })
  registerResource(app, {
    type: statisticType,
    path: '/hosts/:host/nics/:nic/statistics',
    present: (value: HostNicStatistic) => ({ value }),
    list: async ({ host, nic }) => statisticsOfNic(await nicOf(host!, nic!)),
    get: async ({ host, nic, id }) => one(statisticsOfNic(await nicOf(host!, nic!)), 'Statistic', id!),
  })
  registerResource(app, {
    type: networkLabelType,
    path: '/hosts/:host/nics/:nic/networklabels',
    present: ({ hostId, nicName }: ShownNicLabel) => ({ value: { host_nic: presentNicReference(hostId, nicName) } }),
    list: ({ host, nic }) => nicLabels.list(host!, nic!),
    get: ({ host, nic, id }) => nicLabels.get(host!, nic!, id!),
    add: ({ id }, { host, nic }) => nicLabels.add(host!, nic!, id),
    remove: ({ host, nic, id }) => nicLabels.remove(host!, nic!, id!),
  })
  registerAttachments(app, '/hosts/:host/networkattachments', hostNetworks)
  registerAttachments(app, '/hosts/:host/nics/:nic/networkattachments', hostNetworks)
  registerAction(app, '/hosts/:id/setupnetworks', ({ id }, body) =>
    hostNetworks.setUp(id!, readElements(setupNetworksElements, body, 'action')),
  )
  registerAction(app, '/hosts/:id/commitnetconfig', ({ id }) => hostNetworks.commit(id!))
  registerAction(app, '/hosts/:id/syncallnetworks', ({ id }) => hostNetworks.synchronize(id!))
  registerResource(app, {
    type: unmanagedNetworkType,
    path: '/hosts/:host/unmanagednetworks',
    present: ({ name, hostId, nicName }: UnmanagedNetwork) => ({
      value: {
        name,
        host: { id: hostId },
        host_nic: nicName === undefined ? undefined : presentNicReference(hostId, nicName),
      },
    }),
    list: ({ host }) => unmanagedNetworks.list(host!),
    get: async ({ host, id }) => one(await unmanagedNetworks.list(host!), 'Unmanaged network', id!),
    remove: ({ host, id }) => unmanagedNetworks.remove(host!, id!),
  })
  registerProviderConfigurations(app, { hosts, clusters })
}

const statisticsOfNic = (nic: ShownNic) => statisticsOf(nic, nic.state)

function registerAttachments(app: FastifyInstance, path: string, attachments: HostNetworkService): void {
  registerResource(app, {
    type: networkAttachmentType,
    path,
    present: (attachment: ShownAttachment) => ({ value: presentAttachment(attachment) }),
    list: ({ host, nic }) => attachments.attachments(host!, nic),
    get: ({ host, nic, id }) => attachments.attachment(host!, id!, nic),
    add: (request, { host, nic }) => attachments.attach(host!, onNic(request, nic)),
    async edit(request, { host, nic, id }) {
      await attachments.attachment(host!, id!, nic)
      return attachments.edit(host!, id!, request)
    },
    async remove({ host, nic, id }) {
      await attachments.attachment(host!, id!, nic)
      await attachments.detach(host!, id!)
    },
  })
}

/** Below an interface, that is the one. */
const onNic = <Request extends object>(request: Request, nic: string | undefined) =>
  nic === undefined ? request : { ...request, host_nic: { id: nic } }

/** A host is set up for the default provider of its cluster, and for no other. */
function registerProviderConfigurations(
  app: FastifyInstance,
  { hosts, clusters }: Pick<Context, 'hosts' | 'clusters'>,
): void {
  const list = async ({ host }: Params): Promise<ProviderConfiguration[]> => {
    const { id: hostId, clusterId } = await hosts.get(host!)
    const { defaultProviderId: providerId } = await clusters.get(clusterId)
    return providerId === '' ? [] : [{ id: Buffer.from(providerId).toString('hex'), hostId, providerId }]
  }
  registerResource(app, {
    type: externalProviderConfigurationType,
    path: '/hosts/:host/externalnetworkproviderconfigurations',
    present: ({ hostId, providerId }: ProviderConfiguration) => ({
      value: { host: { id: hostId }, external_network_provider: { id: providerId } },
    }),
    list,
    get: async (params) => one(await list(params), 'External network provider configuration', params.id!),
  })
}

interface ProviderConfiguration {
  /** As the real engine makes it: the provider's id in hexadecimal. */
  readonly id: string
  readonly hostId: string
  readonly providerId: string
}
