// What hosts tell by themselves: that they are there, what they can do, and what became of their VMs.
import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { stopVm } from '../lifecycle/stop-vm.ts'
import type { Host, Vm } from '../store/entities.ts'
import type { HostListener } from './host-connections.ts'
import { gone, type VmOnHost } from './vm-watch.ts'

export function createHostMonitor(parts: () => Parts): HostListener {
  return {
    async connected(host, client) {
      const caps = (await client.call('Host.getCapabilities')) as Record<string, unknown>
      await recordBindings(parts(), host, caps.openstack_binding_host_ids)
      await recordStatus(parts(), host, 'up', '')
      await compareVms(parts(), host, client)
    },
    disconnected: (host, reason) => recordStatus(parts(), host, 'non_responsive', reason),
    event(host, method, params) {
      const vmId = /^\|virt\|VM_status\|(.+)$/.exec(method)?.[1]
      if (vmId === undefined) return
      parts().watch.notify(vmId)
      const told = (params as Record<string, VmOnHost>)[vmId]
      if (told?.status === 'Down')
        void vmWentDown(parts(), host, vmId, told).catch((error) =>
          parts().log.warn({ vmId, err: error }, 'a VM that went down could not be recorded'),
        )
    },
  }
}

/** The rows of a host are written anew each time, as in the real engine. */
async function recordBindings({ store }: Parts, host: Host, reported: unknown): Promise<void> {
  const bindings = Object.entries((reported ?? {}) as Record<string, unknown>)
  await store.transaction(async (tables) => {
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
  const expected = await parts.store.vms.find({ hostId: host.id })
  if (expected.length === 0) return
  const stats = (await client.call('Host.getAllVmStats')) as (VmOnHost & { vmId: string })[]
  for (const vm of expected) {
    const there = stats.find(({ vmId }) => vmId === vm.id) ?? gone
    // Behind: it calls the host, whose calls wait until this listener is done.
    if (there.status === 'Down' || there.status === 'gone') void vmWentDown(parts, host, vm.id, there).catch(() => {})
    else if (there.status === 'Up' && vm.status === 'unknown') await parts.store.vms.update(vm.id, { status: 'up' })
  }
}

/** Unless a workflow is at work on the VM, which then sees it itself. */
async function vmWentDown(
  parts: Parts,
  host: Host,
  vmId: string,
  { exitMessage = 'it is gone' }: VmOnHost,
): Promise<void> {
  const vm: Vm | undefined = await parts.store.vms.get(vmId)
  if (vm?.hostId !== host.id || parts.workflows.holder(`vm:${vmId}`)) return
  await parts.events.tell('VM_DOWN_ERROR', `VM ${vm.name} is down on host ${host.name}: ${exitMessage}`)
  const state = { vmId, hostId: host.id, statusDetail: exitMessage }
  await parts.workflows.start(stopVm, state, { action: 'clean up VM', correlationId: '' })
}
