// Hosts: the engine keeps a connection to the agent of each.
import { randomUUID } from 'node:crypto'
import { Fault } from '../../faults.ts'
import { forgetCapabilities } from '../../hosts/host-capabilities.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { HostCertificates } from '../../pki/host-certificates.ts'
import type { Host } from '../../store/entities/infrastructure.ts'
import type { Vm } from '../../store/entities/vms.ts'
import type { NetworksOnHosts } from '../host-networks/networks-on-hosts.ts'
import { existing, referenced, refuseUsedName } from '../names.ts'
import { reading, refuseUsed, type ServiceOf } from '../service.ts'
import { changedHost, type HostRequest, newHost } from './host-requests.ts'

export interface HostService extends Omit<ServiceOf<Host, HostRequest>, 'add'> {
  /** One that is not activated is in maintenance. */
  add(request: HostRequest, isActivated: boolean): Promise<Host>
  /** Not one that is up: in maintenance, or away. */
  remove(id: string): Promise<void>
  /** Address, port and cluster only in maintenance. */
  edit(id: string, request: HostRequest): Promise<Host>
  /** Its certificates and tokens are good for nothing any more; connections with them end. */
  revoke(id: string): Promise<void>
}

/** `revoked`: called when a host's certificates have been revoked. */
export function createHostService(
  { store, hosts: connections, events, locks }: Parts,
  certificates: HostCertificates,
  revoked: () => Promise<void>,
  onHosts: Pick<NetworksOnHosts, 'hostChanged'>,
): HostService {
  async function reconnect(host: Host): Promise<void> {
    await connections.remove(host.id)
    connections.add(host)
  }

  return {
    ...reading(store.hosts, 'Host'),
    async add(request, isActivated) {
      const draft = newHost(request)
      const row = await store.transaction(async ({ clusters, hosts }) => {
        const { id: clusterId } = await referenced(clusters, 'Cluster', request.cluster)
        await refuseUsedName(hosts, draft.name, 'add Host')
        const duty = isActivated ? 'active' : 'maintenance'
        const host: Host = { ...draft, duty, id: randomUUID(), clusterId }
        await hosts.insert(host)
        return host
      })
      connections.add(row)
      await events.about({ host: row }).tell('USER_ADD_VDS', `Host ${row.name} was added.`)
      return row
    },
    async edit(id, request) {
      const action = 'update Host'
      const [before, after] = await locks.during([`host:${id}`], action, () =>
        store.transaction(async ({ clusters, hosts }) => {
          const now = await existing(hosts, 'Host', id)
          const cluster = request.cluster && (await referenced(clusters, 'Cluster', request.cluster))
          const { name, comment, address, port, clusterId } = changedHost(now, request, cluster?.id)
          if (name !== now.name) await refuseUsedName(hosts, name, action)
          await hosts.update(id, { name, comment, address, port, clusterId })
          return [now, { ...now, name, comment, address, port, clusterId }]
        }),
      )
      const where = ({ name, address, port }: Host) => `${name} ${address} ${port}`
      if (where(before!) !== where(after!)) await reconnect(after!)
      if (before!.clusterId !== after!.clusterId) onHosts.hostChanged(id)
      await events.about({ host: after! }).tell('USER_UPDATE_VDS', `Host ${after!.name} was updated.`)
      return after!
    },
    async remove(id) {
      const action = 'remove Host'
      const { name } = await store.transaction(async (tables) => {
        const { driverDeployments, hosts, vms, workflows } = tables
        const removed = await existing(hosts, 'Host', id)
        refuseOperational(removed, action)
        refuseRunningVms(await vms.find({ hostId: id }), action)
        refuseUsed(action, 'VM', await vms.find({ savedOn: id }))
        // A VM may be on its way here.
        const busy = (await workflows.find({})).find(({ state }) => Object.values(state).includes(id))
        if (busy) throw new Fault('RELATED_OPERATION', { action, kind: busy.kind })
        await forgetCapabilities(tables, id)
        for (const driver of await driverDeployments.find({ hostId: id })) await driverDeployments.remove(driver.id)
        for (const attachment of await tables.networkAttachments.find({ hostId: id }))
          await tables.networkAttachments.remove(attachment.id)
        for (const label of await tables.nicLabels.find({ hostId: id })) await tables.nicLabels.remove(label.id)
        await certificates.revoke(tables, id)
        await hosts.remove(id)
        return removed
      })
      await connections.remove(id)
      await revoked()
      await events.about({ host: { id, name } }).tell('USER_REMOVE_VDS', `Host ${name} was removed.`)
    },
    async revoke(id) {
      const host = await store.transaction(async (tables) => {
        await certificates.revoke(tables, id)
        return existing(tables.hosts, 'Host', id)
      })
      await reconnect(host)
      await revoked()
    },
  }
}

/** In maintenance, away, or never been there: as in the real engine. */
function refuseOperational({ duty, status }: Host, action: string): void {
  const isOperational = duty === 'active' ? status === 'up' : duty === 'preparing_for_maintenance'
  if (isOperational) throw new Fault('VDS_CANNOT_REMOVE_VDS_STATUS_ILLEGAL', { action })
}

function refuseRunningVms(vms: readonly Vm[], action: string): void {
  if (vms.length === 0) return
  throw new Fault('VDS_CANNOT_REMOVE_VDS_DETECTED_RUNNING_VM', { action, vms: vms.map(({ name }) => name).join(', ') })
}
