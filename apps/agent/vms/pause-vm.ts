// VM.pause and VM.cont. A hook that started its VM paused continues it while the start still holds the VM's lock,
// so these do not take it.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { domainOf } from './domain-of.ts'
import type { VmParts } from './vm-parts.ts'
import type { VmRecord } from './vm-record.ts'

export async function pauseVm(parts: VmParts, vmId: string): Promise<void> {
  const vm = existing(parts, vmId)
  await parts.hooks.runXml('before_vm_pause', domainOf(vm), { vm })
  await parts.hypervisor.pause(vmId)
  parts.store.setStatus(vmId, 'Paused')
  await parts.hooks.runXml('after_vm_pause', domainOf(vm), { vm })
}

export async function resumeVm(parts: VmParts, vmId: string): Promise<void> {
  const vm = existing(parts, vmId)
  await parts.hooks.runXml('before_vm_cont', domainOf(vm), { vm })
  await parts.hypervisor.resume(vmId)
  parts.store.setStatus(vmId, 'Up')
  await parts.hooks.runXml('after_vm_cont', domainOf(vm), { vm })
}

function existing({ store }: VmParts, vmId: string): VmRecord {
  const vm = store.get(vmId)
  if (!vm) throw vdsmError('NoSuchVM', { vmId })
  if (vm.status === 'Down') throw vdsmError('VMIsDown', { vmId })
  return vm
}
