// VM.destroy: ends the guest, takes its NICs off their networks and forgets it.

import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { removeHookFolder } from '../hooks/launch-flags.ts'
import { exitReasons, hasProperties, type VmRecord } from '../vm-records/vm-record.ts'
import { domainOf } from './domain-of.ts'
import { releaseNics } from './nics/release-nics.ts'
import { existingVm } from './running-vm.ts'
import { cpusOf, type VmParts } from './vm-parts.ts'

/** Throws NoSuchVM, the HookError of a script that keeps the VM alive, or VMDestroyFailed: see finishDestroy. */
export async function destroyVm(parts: VmParts, vmId: string): Promise<void> {
  existingVm(parts.store, vmId)
  await parts.locks.exclusive(vmId, async () => {
    await askHooks(parts, existingVm(parts.store, vmId))
    await finishDestroy(parts, vmId)
  })
}

/** A VM that is down cannot be kept alive: its hooks run all the same, as in VDSM. */
async function askHooks(parts: VmParts, vm: VmRecord): Promise<void> {
  try {
    await runDeviceHooks(parts, vm, 'before_device_destroy')
  } catch (error) {
    if (vm.status !== 'Down' && vm.status !== 'Powering down') throw error
    parts.log.warn({ vmId: vm.vmId, err: error }, 'a hook would have kept a VM that is down')
  }
}

/**
 * From here on there is no way back, also not after a restart. Throws VMDestroyFailed when a NIC could not be released:
 * the guest is gone then, the VM is Down, and the next VM.destroy tries again.
 */
export async function finishDestroy(parts: VmParts, vmId: string): Promise<void> {
  const { store, hooks, wiring, hypervisor, locks, log } = parts
  await locks.exclusive(cpusOf(vmId), async () => store.settle(vmId, (vm) => ({ ...vm, status: 'Powering down' })))
  const vm = store.get(vmId)!
  await hooks.runXml('before_vm_destroy', undefined, { vm })
  for (const { mac, step } of vm.nics) {
    if (step === 'gone') continue
    await wiring
      .beforeRelease(vmId, mac)
      .catch((error) => log.error({ vmId, mac, err: error }, 'a driver would have kept a NIC whose VM ends'))
  }
  await hypervisor.destroy(vmId)
  const failures = await releaseNics(parts, vmId)
  if (failures.length > 0) {
    const exitMessage = `The guest has ended, but not everything of it is gone. ${failures.join('. ')}`
    const exit = { exitCode: 1, exitReason: exitReasons.generic, exitMessage } as const
    store.settle(vmId, (down) => ({ ...down, status: 'Down', exit }))
    throw vdsmError('VMDestroyFailed', exitMessage)
  }
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
    if (hasProperties(custom)) await hooks.runXml(point, xml, { params: custom, vm })
  }
}
