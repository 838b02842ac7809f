// VM.migrateCancel: the move ends, and the VM stays where it is.
import { vdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { existingVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'

/**
 * Resolves when the move is stopping: its end is told as that of a move that failed. Throws MigrationNotInProgress, also
 * for a VM that is being handed over: then it is too late.
 */
export async function cancelMigration({ store, hypervisor }: VmParts, vmId: string): Promise<void> {
  const { status, handOver } = existingVm(store, vmId)
  if (status !== 'Migration Source' || handOver) throw vdsmError('MigrationNotInProgress')
  store.change(vmId, (vm) => ({ ...vm, migration: { ...vm.migration!, cancelled: true } }))
  await hypervisor.cancelMigration(vmId)
}

export const isCancelled = ({ store }: VmParts, vmId: string) => store.get(vmId)?.migration?.cancelled === true

/** What VM.getMigrationStatus tells after it. */
export const cancelled = { code: vdsmErrors.MigrationCancelationFailed.code, message: 'Migration canceled' }
