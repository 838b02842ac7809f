// Migrate VM: the hosts move it between them; then its ports are bound to the new host.
import { Fault } from '../faults.ts'
import type { Vm } from '../store/entities.ts'
import { bindPorts } from './bind-ports.ts'
import type { Parts } from './parts.ts'
import { destroyOnHost } from './stop-vm.ts'
import type { Workflow } from './workflow.ts'

export interface MigrateVmState {
  readonly vmId: string
  readonly sourceId: string
  readonly wantedHostId?: string
  readonly destinationId?: string
}

const migrationTimeoutMs = 600_000
const migrated = 4

export const migrateVm: Workflow<MigrateVmState, Parts> = {
  kind: 'migrate-vm',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'choose a destination',
      async run({ vmId, sourceId, wantedHostId: wanted }, { store, scheduler }) {
        const vm = (await store.vms.get(vmId))!
        const { id: destinationId } = await scheduler.choose(vm, { action: 'migrate VM', wanted, not: sourceId })
        await store.vms.update(vmId, { status: 'migrating' })
        return { destinationId }
      },
      async undo({ vmId }, { store }) {
        await store.vms.update(vmId, { status: 'up' })
      },
    },
    {
      name: 'move',
      async run({ vmId, sourceId, destinationId }, parts) {
        const vm = (await parts.store.vms.get(vmId))!
        if ((await parts.watch.look(destinationId!, vmId)).status !== 'Up')
          await move(parts, vm, sourceId, destinationId!)
        await parts.store.vms.update(vmId, { status: 'up', hostId: destinationId! })
        return undefined
      },
    },
    {
      name: 'bind the ports',
      async run({ vmId, destinationId }, { workflows }) {
        await workflows.start(bindPorts, { vmId, hostId: destinationId! }, { action: 'bind ports', correlationId: '' })
        return undefined
      },
    },
    {
      name: 'forget it on the source',
      async run({ vmId, sourceId }, parts) {
        await destroyOnHost(parts, sourceId, vmId)
        return undefined
      },
    },
  ],
}

/** Resolves when the VM runs on the destination; throws when it stayed. A move that is under way is waited for. */
async function move(parts: Parts, vm: Vm, sourceId: string, destinationId: string): Promise<void> {
  const { store, hosts, watch } = parts
  const destination = (await store.hosts.get(destinationId))!
  if ((await watch.look(sourceId, vm.id)).status === 'Up') {
    const params = { vmId: vm.id, dst: `${destination.address}:${destination.port}`, mode: 'remote', method: 'online' }
    await hosts.call(sourceId, 'VM.migrate', { vmID: vm.id, params })
  }
  const end = await watch.until(sourceId, vm.id, migrationTimeoutMs, ({ status, exitReason, exitMessage }) => {
    if (status === 'Down') return exitReason === migrated ? 'moved' : (exitMessage ?? 'it went down')
    if (status === 'gone') return 'moved'
    return status === 'Up' || status === 'Paused' ? 'the source host kept it, its log says why' : undefined
  })
  if (end !== 'moved') throw new Fault('MIGRATION_FAILED', { vm: vm.name, reason: end })
  const arrived = await watch.until(destinationId, vm.id, migrationTimeoutMs, ({ status, exitMessage = '' }) =>
    status === 'Up'
      ? 'up'
      : status === 'Down' || status === 'gone'
        ? `it is ${status} on the destination ${exitMessage}`
        : undefined,
  )
  if (arrived !== 'up') throw new Fault('MIGRATION_FAILED', { vm: vm.name, reason: arrived })
}
