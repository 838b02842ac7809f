// VM.destroy: ends the guest, takes its NICs off their networks and forgets it.

import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { removeHookFolder } from '../hooks/launch-flags.ts'
import { domainOf } from './domain-of.ts'
import type { VmParts } from './vm-parts.ts'
import type { VmRecord } from './vm-record.ts'

/** Throws NoSuchVM, or the HookError of a script that keeps the VM alive. */
export async function destroyVm(parts: VmParts, vmId: string): Promise<void> {
  if (!parts.store.get(vmId)) throw vdsmError('NoSuchVM', { vmId })
  await parts.locks.exclusive(vmId, async () => {
    const vm = parts.store.get(vmId)
    if (!vm) throw vdsmError('NoSuchVM', { vmId })
    if (vm.status !== 'Down') await runDeviceHooks(parts, vm, 'before_device_destroy')
    await finishDestroy(parts, vm)
  })
}

/** From here on there is no way back, also not after a restart. */
export async function finishDestroy(parts: VmParts, vm: VmRecord): Promise<void> {
  const { store, hooks, wiring, hypervisor } = parts
  const { vmId } = vm
  store.setStatus(vmId, 'Powering down')
  await hooks.runXml('before_vm_destroy', undefined, { vm })
  for (const { mac } of vm.nics) await wiring.beforeRelease(vmId, mac)
  await hypervisor.destroy(vmId)
  for (const { mac } of vm.nics) await wiring.release(vmId, mac)
  await hooks.runXml('after_vm_destroy', domainOf(vm), { vm })
  await runDeviceHooks(parts, vm, 'after_device_destroy')
  await removeHookFolder(vmId, parts.hookRunDir)
  store.remove(vmId)
}

/** VDSM hands these hooks an empty file for devices made at start; ours get the element. */
async function runDeviceHooks(
  { hooks }: VmParts,
  vm: VmRecord,
  point: 'before_device_destroy' | 'after_device_destroy',
): Promise<void> {
  for (const { custom, xml } of vm.nics) {
    if (custom && Object.keys(custom).length > 0) await hooks.runXml(point, xml, { params: custom, vm })
  }
}
