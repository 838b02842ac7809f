// The VM that an operation on a running one is about.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { VmRecord } from '../vm-records/vm-record.ts'
import type { VmStore } from '../vm-records/vm-store.ts'

/** Throws NoSuchVM, MigrationInProgress, or VMIsDown for one that does not run. */
export function runningVm(store: VmStore, vmId: string): VmRecord {
  const vm = existingVm(store, vmId)
  if (vm.status.startsWith('Migration')) throw vdsmError('MigrationInProgress')
  if (vm.status !== 'Up' && vm.status !== 'Paused') throw vdsmError('VMIsDown', { vmId })
  return vm
}

/** Throws NoSuchVM. */
export function existingVm(store: VmStore, vmId: string): VmRecord {
  const vm = store.get(vmId)
  if (!vm) throw vdsmError('NoSuchVM', { vmId })
  return vm
}
