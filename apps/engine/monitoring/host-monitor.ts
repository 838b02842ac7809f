// What hosts tell by themselves: that they are there, what they can do, and what became of their VMs.
import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import { recordCapabilities } from '../hosts/host-capabilities.ts'
import type { HostListener } from '../hosts/host-connections.ts'
import type { VmOnHost, VmReport } from '../hosts/vm-watch.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import { compareVms, loseVmsOf, recordReport } from './vm-reports.ts'

const lookEveryMs = 15_000

export function createHostMonitor(parts: () => Parts): HostListener {
  return {
    async connected(host, client) {
      await recordCapabilities(parts(), host, client)
      await recordStatus(parts(), host, 'up', '')
      await follow(parts(), host, client)
    },
    disconnected: (host, reason) => recordStatus(parts(), host, 'non_responsive', reason),
    givenUp: (host) => loseVmsOf(parts(), host),
    event(host, method, params) {
      if (method.startsWith('|net|host_conn|')) return void askAgain(parts(), host)
      const vmId = /^\|virt\|VM_status\|(.+)$/.exec(method)?.[1]
      if (vmId === undefined) return
      parts().watch.notify(vmId)
      const told = (params as Record<string, VmOnHost>)[vmId]
      if (told) recordReport(parts(), host, { ...told, vmId })
    },
  }
}

/** The host's networks have changed without anybody having asked, as when a lease came late. */
async function askAgain({ store, hosts, log }: Parts, host: Host): Promise<void> {
  const client = { call: (method: string, params: object) => hosts.callAgain(host.id, method, params) }
  await recordCapabilities({ store }, host, client).catch((err) =>
    log.warn({ host: host.name, err }, 'the host did not tell its capabilities'),
  )
}

async function recordStatus(
  { store, events }: Parts,
  host: Host,
  status: Host['status'],
  statusDetail: string,
): Promise<void> {
  const { id, name } = host
  const told = events.about({ host })
  await store.transaction(async (tables) => {
    const before = await tables.hosts.get(id)
    if (!before || (before.status === status && before.statusDetail === statusDetail)) return
    await tables.hosts.update(id, { status, statusDetail })
    if (before.status === status) return
    await (status === 'up'
      ? told.record(tables, 'VDS_DETECTED', `Status of host ${name} was set to Up.`)
      : told.record(tables, 'VDS_FAILURE', `Host ${name} is non responsive: ${statusDetail}`))
  })
}

/** Everything the host has, now and every few seconds: an event may be lost, and a guest may ignore what it was asked. */
async function follow(parts: Parts, host: Host, client: VdsmClient): Promise<void> {
  const look = async () => {
    const told = (await client.call('Host.getAllVmStats')) as VmReport[]
    parts.samples.record(host.id, told)
    parts.traffic.record(host.id, told)
    await compareVms(parts, host, told)
  }
  await look()
  const timer = setInterval(() => {
    look().catch((err) => parts.log.warn({ host: host.name, err }, 'the host did not tell of its VMs'))
  }, lookEveryMs)
  void client.closed.finally(() => clearInterval(timer))
}
