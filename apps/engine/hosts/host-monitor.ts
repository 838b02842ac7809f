// What hosts tell by themselves: that they are there, what they can do, and what became of their VMs.
import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import { Fault } from '../faults.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { destroyOnHost, stopVm } from '../lifecycle/stop-vm.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Vm } from '../store/entities/vms.ts'
import type { HostListener } from './host-connections.ts'
import type { VmOnHost } from './vm-watch.ts'

export function createHostMonitor(parts: () => Parts): HostListener {
  return {
    async connected(host, client) {
      await recordCapabilities(parts(), host, client)
      await recordStatus(parts(), host, 'up', '')
      await compareVms(parts(), host, client)
    },
    disconnected: (host, reason) => recordStatus(parts(), host, 'non_responsive', reason),
    event(host, method, params) {
      const vmId = /^\|virt\|VM_status\|(.+)$/.exec(method)?.[1]
      if (vmId === undefined) return
      parts().watch.notify(vmId)
      const told = (params as Record<string, VmOnHost>)[vmId]
      if (told?.status === 'Down') void vmEnded(parts(), host, vmId)
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

/** After a time without connection: what the engine believes of the host's VMs is held against what the host says. */
async function compareVms(parts: Parts, host: Host, client: VdsmClient): Promise<void> {
  const { store } = parts
  const told = (await client.call('Host.getAllVmStats')) as (VmOnHost & { vmId: string })[]
  const ended = told.filter(isEnded).map(({ vmId }) => vmId)
  const expected = await store.vms.find({ hostId: host.id })
  const missing = expected.map(({ id }) => id).filter((id) => !told.some(({ vmId }) => vmId === id))
  // Behind: it calls the host, whose calls wait until this listener is done.
  for (const vmId of [...ended, ...missing]) void vmEnded(parts, host, vmId)
  for (const { id, status } of expected) {
    const isUp = told.some(({ vmId, status }) => vmId === id && status === 'Up')
    if (isUp && (status === 'unknown' || status === 'paused')) await store.vms.update(id, { status: 'up' })
  }
}

const isEnded = ({ status }: VmOnHost) => status === 'Down' || status === 'gone'

/** A VM that ended by itself is cleaned up. A workflow at work on it sees it first, and may leave nothing to do. */
async function vmEnded(parts: Parts, host: Host, vmId: string): Promise<void> {
  try {
    for (let isSettled = false; !isSettled; ) {
      await parts.locks.released(`vm:${vmId}`)
      isSettled = await cleanUp(parts, host, vmId)
    }
  } catch (error) {
    parts.log.warn({ vmId, host: host.name, err: error }, 'a VM that went down could not be cleaned up')
  }
}

/** False when somebody began to work on the VM before this could. */
async function cleanUp(parts: Parts, host: Host, vmId: string): Promise<boolean> {
  const vm = await parts.store.vms.get(vmId)
  if (!vm) return true
  try {
    await (vm.hostId === host.id ? recordThatItEnded(parts, host, vm) : removeLeftover(parts, host, vm))
    return true
  } catch (error) {
    if (error instanceof Fault && error.key === 'RELATED_OPERATION') return false
    throw error
  }
}

const action = 'clean up VM'

async function recordThatItEnded({ events, store, watch, workflows }: Parts, host: Host, vm: Vm): Promise<void> {
  const { status, exitMessage = 'it is gone' } = await watch.look(host.id, vm.id)
  if (!isEnded({ status })) return
  const check = async () => {
    const now = await store.vms.get(vm.id)
    if (now?.hostId !== host.id) throw new Fault('RELATED_OPERATION', { action, kind: 'migrate-vm' })
    return {}
  }
  await workflows.start(stopVm, { vmId: vm.id, hostId: host.id, statusDetail: exitMessage }, { action, check })
  await events.tell('VM_DOWN_ERROR', `VM ${vm.name} is down on host ${host.name}: ${exitMessage}`)
}

/** The VM runs elsewhere, or nowhere: what a migration left here would be in the way of its return. */
async function removeLeftover(parts: Parts, host: Host, vm: Vm): Promise<void> {
  const remove = async () => {
    const now = await parts.store.vms.get(vm.id)
    if (now?.hostId === host.id) throw new Fault('RELATED_OPERATION', { action, kind: 'run-vm' })
    if ((await parts.watch.look(host.id, vm.id)).status === 'Down') await destroyOnHost(parts, host.id, vm.id)
  }
  await parts.locks.during([`vm:${vm.id}`], action, remove, { isBrief: true })
}
