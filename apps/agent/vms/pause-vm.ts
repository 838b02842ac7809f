// VM.pause and VM.cont. A hook that started its VM paused continues it while the start still holds the VM's lock, so
// these take another one.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { VmRecord } from '../vm-records/vm-record.ts'
import { domainOf } from './domain-of.ts'
import { mayContinueHere } from './migration/hand-over.ts'
import { existingVm, runningVm } from './running-vm.ts'
import { cpusOf, type VmParts } from './vm-parts.ts'

export function pauseVm(parts: VmParts, vmId: string): Promise<void> {
  return parts.locks.exclusive(cpusOf(vmId), async () => {
    const vm = stoppableVm(parts, vmId)
    await parts.hooks.runXml('before_vm_pause', domainOf(vm), { vm })
    await parts.hypervisor.pause(vmId)
    parts.store.setStatus(vmId, 'Paused')
    await parts.hooks.runXml('after_vm_pause', domainOf(vm), { vm })
  })
}

export function resumeVm(parts: VmParts, vmId: string): Promise<void> {
  return parts.locks.exclusive(cpusOf(vmId), async () => {
    const vm = stoppableVm(parts, vmId)
    if (vm.handOver) await mayContinueHere(parts, vm)
    await parts.hooks.runXml('before_vm_cont', domainOf(vm), { vm })
    await parts.hypervisor.resume(vmId)
    parts.store.setStatus(vmId, 'Up')
    await parts.hooks.runXml('after_vm_cont', domainOf(vm), { vm })
  })
}

/** Runs or is paused, or is being started and all its NICs are wired. */
function stoppableVm({ store }: VmParts, vmId: string): VmRecord {
  const vm = existingVm(store, vmId)
  if (vm.status !== 'WaitForLaunch') return runningVm(store, vmId)
  if (!vm.launched) throw vdsmError('UnexpectedError', `VM ${vmId} has not started yet: its NICs are not wired`)
  return vm
}
