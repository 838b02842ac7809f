import { Fault } from '../../faults.ts'
import type { Vm, VmStatus } from '../../store/entities/vms.ts'
import type { Store } from '../../store/store.ts'
import { existing } from '../names.ts'

/** The VM, if it has one of these statuses. Throws NOT_FOUND, ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL. */
export async function vmThatIs(store: Store, allowed: readonly VmStatus[], id: string, action: string): Promise<Vm> {
  const vm = await existing(store.vms, 'VM', id)
  if (!allowed.includes(vm.status))
    throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: vm.name, status: vm.status })
  return vm
}
