// VM.hotplugMemory: memory joins a running VM, whose domain must have slots for it.
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { carryOut, machineOf, recordHardware } from './machine-of.ts'

/** `memoryXml`: a `<memory>` device. Throws HotplugMemoryFailed, or the HookError of a script that refuses it. */
export function hotplugMemory(parts: VmParts, vmId: string, memoryXml: string): Promise<void> {
  const { hooks, store, locks } = parts
  return locks.exclusive(vmId, async () => {
    const vm = runningVm(store, vmId)
    const machine = machineOf(parts)
    const left = (await hooks.runXml('before_memory_hotplug', memoryXml, { vm })) ?? ''
    await carryOut(parts, vmId, machine.attach(vmId, left), 'HotplugMemoryFailed')
    await recordHardware(parts, vmId)
    await hooks.runXml('after_memory_hotplug', left, { vm })
  })
}
