// Put a host into maintenance: it gets no more VMs, and those it has move to others.
import { Fault } from '../../faults.ts'
import type { Vm } from '../../store/entities/vms.ts'
import { migrateVm } from '../vms/migrate-vm.ts'
import { isLive } from '../vms/vm-status.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'

export interface MaintainHostState {
  readonly hostId: string
}

/** As many leave at once. */
const moversCount = 3

export const maintainHost: Workflow<MaintainHostState, Parts> = {
  kind: 'maintain-host',
  locks: ({ hostId }) => [`host:${hostId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'give it no more VMs',
      async record({ hostId }, { hosts }) {
        await hosts.update(hostId, { duty: 'preparing_for_maintenance' })
      },
      async undo({ hostId }, { store }) {
        await store.hosts.update(hostId, { duty: 'active' })
      },
    },
    {
      name: 'move its VMs away',
      async run({ hostId }, parts) {
        await moveAll(parts, hostId)
        return undefined
      },
      async record({ hostId }, { hosts }) {
        await hosts.update(hostId, { duty: 'maintenance' })
      },
    },
  ],
}

/** Throws when one stays; those that moved remain where they are. */
async function moveAll(parts: Parts, hostId: string): Promise<void> {
  const failed = new Map<string, string>()
  const tried = new Set<string>()
  const next = async (): Promise<Vm | undefined> => {
    const vm = (await parts.store.vms.find({ hostId })).find(({ id }) => !tried.has(id))
    if (vm) tried.add(vm.id)
    return vm
  }
  const mover = async () => {
    for (let vm = await next(); vm; vm = await next())
      await moveAway(parts, hostId, vm.id).catch((error) => failed.set(vm!.name, (error as Error).message))
  }
  await Promise.all(Array.from({ length: moversCount }, mover))
  if (failed.size > 0) {
    const vms = [...failed].map(([name, reason]) => `VM ${name} stays: ${reason}`).join(' ')
    throw new Fault('VDS_MAINTENANCE_NOT_POSSIBLE', { vms })
  }
}

/** Whoever works on the VM ends first, which may be a migration that a crash interrupted. */
async function moveAway({ locks, store, workflows }: Parts, hostId: string, vmId: string): Promise<void> {
  const action = 'migrate VM'
  await locks.released(`vm:${vmId}`)
  const vm = await store.vms.get(vmId)
  if (vm?.hostId !== hostId) return
  const check = async () => {
    const { status, name } = (await store.vms.get(vmId))!
    if (!isLive(status)) throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: name, status })
    return {}
  }
  await workflows.start(migrateVm, { vmId, sourceId: hostId }, { action, of: vm.name, check })
}
