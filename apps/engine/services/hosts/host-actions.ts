// What is done with hosts: into maintenance and back, asked anew what they can do, told to be dead.
import type { EventName } from '../../events/event-codes.ts'
import { Fault } from '../../faults.ts'
import { recordCapabilities } from '../../hosts/host-capabilities.ts'
import { shownStatus } from '../../hosts/host-status.ts'
import { maintainHost } from '../../lifecycle/hosts/maintain-host.ts'
import { isLive } from '../../lifecycle/vms/vm-status.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { endVmsOf } from '../../monitoring/vm-reports.ts'
import type { HostTrust } from '../../pki/host-trust.ts'
import type { Host } from '../../store/entities/infrastructure.ts'
import { existing } from '../names.ts'

export interface HostActions {
  activate(id: string): Promise<void>
  /** Into maintenance, once its VMs have moved away; it is active again when one stays. */
  deactivate(id: string): Promise<void>
  /** Asks it anew what it can do. */
  refresh(id: string): Promise<void>
  /** It has been set up again, from maintenance: asked anew, and then it needs no reinstallation. */
  install(id: string): Promise<void>
  upgrade(id: string): Promise<void>
  upgradeCheck(id: string): Promise<void>
  /** Gives it a new certificate, where the engine's own CA made the one it has. */
  enrollCertificate(id: string): Promise<void>
  /** `manual`: somebody has seen that the host is off, so its VMs run no more. The engine has no power switches. */
  fence(id: string, type: string): Promise<void>
}

export function createHostActions(parts: Parts, trust: HostTrust | undefined): HostActions {
  const { store, events, hosts, locks, workflows } = parts
  const get = (id: string) => existing(store.hosts, 'Host', id)

  /** `failed`: the event and its text, to which the reason is added. */
  async function telling(
    host: Host,
    [done, text]: readonly [EventName, string],
    failed: readonly [EventName, string],
    work: () => Promise<unknown>,
  ) {
    const told = events.about({ host })
    await told.tellFailure(...failed, work)
    await told.tell(done, text)
  }

  /** With the lock held: the host may be put into maintenance, or the fault why not. */
  async function checkMaintenance(id: string): Promise<undefined> {
    const action = 'switch Host to maintenance'
    const host = await get(id)
    const name = { action, host: host.name }
    if (host.duty !== 'active') throw new Fault('VDS_CANNOT_MAINTENANCE_VDS_IS_IN_MAINTENANCE', name)
    const vms = await store.vms.find({ hostId: id })
    if (host.status !== 'up' && vms.length > 0)
      throw new Fault('VDS_CANNOT_MAINTENANCE_VDS_IS_NOT_RESPONDING_WITH_VMS', { ...name, status: host.status })
    const pinned = vms.filter(({ status }) => !isLive(status) && status !== 'migrating')
    if (pinned.length > 0)
      throw new Fault('VDS_CANNOT_MAINTENANCE_IT_INCLUDES_NON_MIGRATABLE_VM', {
        ...name,
        vms: pinned.map((vm) => `${vm.name} (${vm.status})`).join(', '),
      })
    return undefined
  }

  const askAnew = (host: Host) =>
    recordCapabilities(parts, host, { call: (method, params) => hosts.call(host.id, method, params) })

  return {
    async activate(id) {
      const action = 'activate Host'
      const host = await locks.during([`host:${id}`], action, async () => {
        const row = await get(id)
        if (row.duty === 'active') throw new Fault('VDS_ALREADY_UP', { action, host: row.name })
        await store.hosts.update(id, { duty: 'active' })
        return row
      })
      await events.about({ host }).tell('VDS_ACTIVATE', `Host ${host.name} was activated.`)
    },
    async deactivate(id) {
      const host = await get(id)
      const check = () => checkMaintenance(id)
      await telling(
        host,
        ['VDS_MAINTENANCE', `Host ${host.name} was switched to Maintenance Mode.`],
        ['VDS_MAINTENANCE_FAILED', `Failed to switch Host ${host.name} to Maintenance mode`],
        () =>
          workflows.start(maintainHost, { hostId: id }, { action: 'switch Host to maintenance', of: host.name, check }),
      )
    },
    async refresh(id) {
      const host = await get(id)
      await telling(
        host,
        ['HOST_REFRESHED_CAPABILITIES', `Successfully refreshed the capabilities of host ${host.name}.`],
        ['HOST_REFRESH_CAPABILITIES_FAILED', `Failed to refresh the capabilities of host ${host.name}`],
        () => askAnew(host),
      )
    },
    async install(id) {
      const action = 'install Host'
      const host = await get(id)
      if (host.duty !== 'maintenance')
        throw new Fault('VDS_NOT_MATCH_VALID_STATUS', { action, host: host.name, status: shownStatus(host) })
      const install = async () => {
        await askAnew(host)
        await store.hosts.update(id, { reinstallationRequired: false })
      }
      await telling(
        host,
        ['VDS_INSTALL', `Host ${host.name} was installed.`],
        ['VDS_INSTALL_FAILED', `Host ${host.name} installation failed`],
        () => locks.during([`host:${id}`], action, install),
      )
    },
    async upgrade(id) {
      throw new Fault('NO_AVAILABLE_UPDATES_FOR_HOST', { action: 'upgrade Host', host: (await get(id)).name })
    },
    async upgradeCheck(id) {
      const host = await get(id)
      const check = `for available updates on host ${host.name}`
      await events.about({ host }).tell('HOST_AVAILABLE_UPDATES_STARTED', `Started to check ${check}.`)
      await telling(
        host,
        // Packages of hosts are none of the engine's business.
        [
          'HOST_AVAILABLE_UPDATES_FINISHED',
          `Check ${check} was completed successfully with message 'no updates available.'.`,
        ],
        ['HOST_AVAILABLE_UPDATES_FAILED', `Failed to check ${check}`],
        () => askAnew(host),
      )
    },
    async enrollCertificate(id) {
      const host = await get(id)
      if (!trust) throw new Fault('UNSUPPORTED', { what: 'Enrolling certificates without a CA of the engine' })
      await trust.deliver(host, { call: (method, params, options) => hosts.call(id, method, params ?? {}, options) })
    },
    async fence(id, type) {
      const action = 'fence Host'
      const host = await get(id)
      if (type !== 'manual') throw new Fault('UNSUPPORTED', { what: `Fencing of the type ${type || '(none)'}` })
      if (host.status === 'up') throw new Fault('VDS_NOT_MATCH_VALID_STATUS', { action, host: host.name, status: 'up' })
      hosts.believeDead(id)
      await events
        .about({ host })
        .tell('VDS_MANUAL_FENCE_STATUS', `Host ${host.name} was said to be off: its VMs are down.`)
      await endVmsOf(parts, host)
    },
  }
}
