import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { MigrationWatch } from '../../hypervisors/hypervisor.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import { existingVm, runningVm } from '../running-vm.ts'
import { cpusOf, inBackground, type Peer, type VmParts } from '../vm-parts.ts'
import { acceptanceOf, hooksBefore } from './acceptance.ts'
import { departed } from './departed.ts'
import { failureOf } from './failure-of.ts'
import { settleHandOver } from './hand-over.ts'
import { cancelled, isCancelled } from './migrate-cancel.ts'
import { forgetThere, stayHere } from './stay-here.ts'

/** Answers when the move has begun; the VM ends here as Down with exit reason 4, or is Up again if the move failed. */
export async function migrateOut(parts: VmParts, vmId: string, destination: string): Promise<void> {
  movableVm(parts, vmId)
  await parts.locks.exclusive(cpusOf(vmId), async () => {
    movableVm(parts, vmId)
    const migration = { code: 0, message: 'Migration in progress', progress: 0 }
    parts.store.change(vmId, (vm) => ({ ...vm, status: 'Migration Source', destination, migration }))
  })
  const moved = parts.locks.exclusive(vmId, () => move(parts, vmId, destination))
  inBackground(parts, vmId, 'the migration', moved)
}

/** VDSM: a VM that does not run yet, or any more, is no VM to be moved. */
function movableVm({ store }: VmParts, vmId: string): VmRecord {
  const { status } = existingVm(store, vmId)
  if (status === 'WaitForLaunch' || status === 'Down') throw vdsmError('NoSuchVM', { vmId })
  if (status === 'Paused') throw vdsmError('MigrationError', `VM ${vmId} is paused: continue it to migrate it`)
  return runningVm(store, vmId)
}

async function move(parts: VmParts, vmId: string, destination: string): Promise<void> {
  const { store, hypervisor, log } = parts
  let peer: Peer | undefined
  let announced = false
  try {
    peer = await parts.connectPeer(destination)
    await hooksBefore(parts, vmId)
    announced = true
    const target = await acceptanceOf(parts, peer, vmId)
    if (isCancelled(parts, vmId)) throw new Error('it was cancelled before it began')
    await hypervisor.migrate(vmId, target, recordOf(parts, vmId))
  } catch (error) {
    log.warn({ vmId, destination, err: error }, 'the migration failed')
    const failure = isCancelled(parts, vmId) ? cancelled : failureOf(error)
    if (store.get(vmId)!.handOver) return await settleHandOver(parts, vmId, failure)
    if (peer && announced) await forgetThere(parts, peer, vmId)
    return await stayHere(parts, vmId, failure)
  } finally {
    await peer?.client.close()
  }
  await departed(parts, vmId)
}

/** What the hypervisor tells of the move, written down. */
function recordOf({ store }: VmParts, vmId: string): MigrationWatch {
  return {
    handingOver: () => store.change(vmId, (vm) => ({ ...vm, handOver: 'told' })),
    progress(percent) {
      const { migration } = store.get(vmId)!
      if (migration && migration.progress !== percent)
        store.change(vmId, (vm) => ({ ...vm, migration: { ...migration, progress: percent } }))
    },
  }
}
