// What hosts tell by themselves: that they are there, what they can do, and what became of their VMs.
import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import type { Parts } from '../lifecycle/parts.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { HostListener } from './host-connections.ts'
import { compareVms, recordReport, type VmReport } from './vm-reports.ts'
import type { VmOnHost } from './vm-watch.ts'

const lookEveryMs = 15_000

export function createHostMonitor(parts: () => Parts): HostListener {
  return {
    async connected(host, client) {
      await recordCapabilities(parts(), host, client)
      await recordStatus(parts(), host, 'up', '')
      await follow(parts(), host, client)
    },
    disconnected: (host, reason) => recordStatus(parts(), host, 'non_responsive', reason),
    event(host, method, params) {
      const vmId = /^\|virt\|VM_status\|(.+)$/.exec(method)?.[1]
      if (vmId === undefined) return
      parts().watch.notify(vmId)
      const told = (params as Record<string, VmOnHost>)[vmId]
      if (told) recordReport(parts(), host, { ...told, vmId })
    },
  }
}

export async function recordCapabilities(
  parts: Pick<Parts, 'store'>,
  host: Host,
  client: { call(method: string, params: object): Promise<unknown> },
): Promise<void> {
  const caps = (await client.call('Host.getCapabilities', {})) as Record<string, unknown>
  await recordBindings(parts, host, caps.openstack_binding_host_ids)
  await recordNetworks(parts, host, caps.networks)
}

/** The rows of a host are written anew each time, as in the real engine. */
async function recordBindings({ store }: Pick<Parts, 'store'>, host: Host, reported: unknown): Promise<void> {
  const bindings = Object.entries((reported ?? {}) as Record<string, unknown>)
  await store.transaction(async (tables) => {
    if (!(await tables.hosts.get(host.id))) return
    for (const { id } of await tables.hostBindings.find({ hostId: host.id })) await tables.hostBindings.remove(id)
    for (const [pluginType, bindingHostId] of bindings) {
      await tables.hostBindings.insert({
        id: `${host.id}/${pluginType}`,
        hostId: host.id,
        pluginType,
        bindingHostId: String(bindingHostId),
      })
    }
  })
}

/** By their names on hosts, written anew as well. */
async function recordNetworks({ store }: Pick<Parts, 'store'>, { id: hostId }: Host, reported: unknown): Promise<void> {
  await store.transaction(async (tables) => {
    if (!(await tables.hosts.get(hostId))) return
    const names = new Set(Object.keys((reported ?? {}) as object))
    for (const { id, vdsmName } of await tables.hostNetworks.find({ hostId }))
      if (!names.delete(vdsmName)) await tables.hostNetworks.remove(id)
    for (const vdsmName of names) await tables.hostNetworks.insert({ id: `${hostId}/${vdsmName}`, hostId, vdsmName })
  })
}

async function recordStatus(
  { store, events }: Parts,
  { id, name }: Host,
  status: Host['status'],
  statusDetail: string,
): Promise<void> {
  const before = await store.hosts.get(id)
  if (!before || (before.status === status && before.statusDetail === statusDetail)) return
  await store.hosts.update(id, { status, statusDetail })
  if (before.status === status) return
  await (status === 'up'
    ? events.tell('VDS_DETECTED', `Status of host ${name} was set to Up.`)
    : events.tell('VDS_FAILURE', `Host ${name} is non responsive: ${statusDetail}`))
}

/** Everything the host has, now and every few seconds: an event may be lost, and a guest may ignore what it was asked. */
async function follow(parts: Parts, host: Host, client: VdsmClient): Promise<void> {
  const look = async () => {
    const told = (await client.call('Host.getAllVmStats')) as VmReport[]
    parts.samples.record(host.id, told)
    await compareVms(parts, host, told)
  }
  await look()
  const timer = setInterval(() => {
    look().catch((err) => parts.log.warn({ host: host.name, err }, 'the host did not tell of its VMs'))
  }, lookEveryMs)
  void client.closed.finally(() => clearInterval(timer))
}
