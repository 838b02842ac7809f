// Migrate VM: its ports are prepared at the new host, the hosts move it between them, and then its ports are bound there.
import { actingUser } from '../../acting-user.ts'
import { Fault } from '../../faults.ts'
import type { VmOnHost } from '../../hosts/vm-watch.ts'
import { tellProgress } from '../../jobs/step-progress.ts'
import { ProviderFailure } from '../../providers/provider-clients.ts'
import type { Host } from '../../store/entities/infrastructure.ts'
import type { Vm } from '../../store/entities/vms.ts'
import { bindingHostIdOf, vnicsOf } from '../nics/vnic-ports.ts'
import { bindPorts } from '../ports/bind-ports.ts'
import { preparePort } from '../ports/port-allocation.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { reasonToKeep } from './kept-by-host.ts'
import { destroyOnHost } from './stop-vm.ts'

export interface MigrateVmState {
  readonly vmId: string
  readonly sourceId: string
  readonly wantedHostId?: string
  readonly destinationId?: string
}

const migrationTimeoutMs = 600_000
const settlePatienceMs = 1_000
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
        return { destinationId }
      },
      async record({ vmId }, { vms }) {
        await vms.update(vmId, { status: 'migrating' })
      },
      async undo({ vmId }, { store }) {
        const vm = (await store.vms.get(vmId))!
        if (vm.status === 'migrating') await store.vms.update(vmId, { status: 'up' })
      },
    },
    {
      name: 'prepare its ports there',
      async run({ vmId, destinationId }, parts) {
        await preparePorts(parts, vmId, destinationId!)
        return undefined
      },
      async undo({ vmId, sourceId, destinationId }, { workflows }) {
        await workflows.start(bindPorts, { vmId, hostIds: [sourceId, destinationId!] }, { action: 'bind ports' })
      },
    },
    {
      name: 'move',
      async run({ vmId, sourceId, destinationId }, parts) {
        const vm = (await parts.store.vms.get(vmId))!
        const hasArrived = async () => (await parts.watch.look(destinationId!, vmId)).status === 'Up'
        if (!(await hasArrived()))
          await move(parts, vm, sourceId, destinationId!).catch(async (error) => {
            // A source that is lost may have let it go before.
            if (!(await hasArrived())) throw error
          })
        return undefined
      },
      async record({ vmId, destinationId }, { vms }) {
        await vms.update(vmId, { status: 'up', hostId: destinationId! })
      },
      undo: ({ vmId, sourceId, destinationId }, parts) => settle(parts, vmId, sourceId, destinationId!),
    },
    {
      name: 'bind the ports',
      async run({ vmId, sourceId, destinationId }, { workflows }) {
        await workflows.start(bindPorts, { vmId, hostIds: [sourceId, destinationId!] }, { action: 'bind ports' })
        return undefined
      },
    },
    {
      name: 'forget it on the source',
      async run({ vmId, sourceId }, parts) {
        // A source that is away forgets it when it is back: the host monitor sees to that.
        await destroyOnHost(parts, sourceId, vmId).catch((error) =>
          parts.log.warn({ vmId, err: error }, 'the source host still remembers a VM that was migrated'),
        )
        return undefined
      },
    },
  ],
}

/** A VM can move without, where hosts wire what no port is prepared for: its ports are bound afterwards. */
async function preparePorts(parts: Parts, vmId: string, hostId: string): Promise<void> {
  const vnics = await vnicsOf(parts, await parts.store.nics.find({ vmId, plugged: true }))
  await Promise.all(
    vnics.map(async (vnic) => {
      const bindingHostId = await bindingHostIdOf(parts, hostId, vnic.provider.pluginType)
      await preparePort(parts.providers, vnic, bindingHostId).catch((error) => {
        if (!(error instanceof ProviderFailure)) throw error
        parts.log.warn({ vmId, err: error }, 'a port could not be prepared at the destination')
      })
    }),
  )
}

/** Resolves when the VM runs on the destination; throws when it stayed. A move that is under way is waited for. */
async function move(parts: Parts, vm: Vm, sourceId: string, destinationId: string): Promise<void> {
  const { store, watch } = parts
  const destination = (await store.hosts.get(destinationId))!
  if ((await watch.look(sourceId, vm.id)).status === 'Up') await begin(parts, vm, sourceId, destination)
  const end = await watch.until(
    sourceId,
    vm.id,
    migrationTimeoutMs,
    ({ status, exitReason, exitMessage, ...vmThere }) => {
      if (vmThere.migrationProgress !== undefined) tellProgress(vmThere.migrationProgress)
      if (status === 'Down') return exitReason === migrated ? 'moved' : (exitMessage ?? 'it went down')
      if (status === 'gone') return 'moved'
      return status === 'Up' || status === 'Paused' ? 'kept' : undefined
    },
  )
  if (end !== 'moved') {
    const reason = end === 'kept' ? await reasonToKeep(parts, sourceId, vm.id) : end
    throw new Fault('MIGRATION_FAILED', { vm: vm.name, reason })
  }
  const arrived = await watch.until(destinationId, vm.id, migrationTimeoutMs, ({ status, exitMessage = '' }) =>
    status === 'Up'
      ? 'up'
      : status === 'Down' || status === 'gone'
        ? `it is ${status} on the destination ${exitMessage}`
        : undefined,
  )
  if (arrived !== 'up') throw new Fault('MIGRATION_FAILED', { vm: vm.name, reason: arrived })
}

/** Whether a call that was lost on the way has begun the move, the source host will tell. */
async function begin(parts: Parts, vm: Vm, sourceId: string, destination: Host): Promise<void> {
  const { hosts, log, store, events } = parts
  const { address, port } = destination
  const dst = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const params = { vmId: vm.id, dst, mode: 'remote', method: 'online' }
  await hosts.call(sourceId, 'VM.migrate', { vmID: vm.id, params }).catch((error) => {
    if (!(error instanceof Fault)) throw error
    log.warn({ vmId: vm.id, err: error }, 'the call that begins the migration was lost')
  })
  const [host, user] = [await store.hosts.get(sourceId), actingUser() || 'the engine']
  const places = `Source: ${host?.name}, Destination: ${destination.name}`
  const about = events.about({ vm, ...(host && { host }) })
  await about.tell('VM_MIGRATION_START', `Migration started (VM: ${vm.name}, ${places}, User: ${user}).`)
}

/** After a move that failed or was lost sight of: the VM is where the hosts say. Throws while they do not say it. */
async function settle(parts: Parts, vmId: string, sourceId: string, destinationId: string): Promise<void> {
  const { store, watch } = parts
  const here = await watch.look(sourceId, vmId, settlePatienceMs).catch(() => undefined)
  // What may be left of it on the destination goes when the host monitor sees it.
  if (here?.status === 'Up') return void (await store.vms.update(vmId, { status: 'up' }))
  if (here?.status === 'Paused') return void (await store.vms.update(vmId, { status: 'paused' }))
  const there = await watch.look(destinationId, vmId, settlePatienceMs)
  if (there.status === 'Up') return void (await store.vms.update(vmId, { status: 'up', hostId: destinationId }))
  if (!here || !isOver(here) || !isOver(there))
    throw new Error(`the migration is not over: "${here?.status}" on the source, "${there.status}" on the destination`)
  await destroyOnHost(parts, sourceId, vmId)
  await destroyOnHost(parts, destinationId, vmId)
  const statusDetail = there.exitMessage ?? 'it was lost in a migration'
  await store.vms.update(vmId, { status: 'down', hostId: '', statusDetail })
}

const isOver = ({ status }: VmOnHost) => status === 'Down' || status === 'gone'
