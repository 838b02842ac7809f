// VM.hotplugDisk: a disk joins a running VM.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { type DeviceFacts, readDevice, withDiskMetadata } from '../../domain-xml/hardware.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { carryOut, machineOf, recordHardware } from './machine-of.ts'

/** Throws HotplugDiskFailed, with the VM as it was, or the HookError of a script that refuses the disk. */
export function hotplugDisk(parts: VmParts, vmId: string, xml: string): Promise<void> {
  const { hooks, store, locks } = parts
  const disk = parsed(xml)
  return locks.exclusive(vmId, async () => {
    const vm = runningVm(store, vmId)
    const machine = machineOf(parts)
    const context = { params: { ...disk.custom }, vm }
    const left = (await hooks.runXml('before_disk_hotplug', disk.xml, context)) ?? ''
    await carryOut(parts, vmId, machine.attach(vmId, left), 'HotplugDiskFailed')
    await recordHardware(parts, vmId, (domainXml) => withDiskMetadata(domainXml, disk.target, disk.metadata))
    await hooks.runXml('after_disk_hotplug', left, context)
  })
}

function parsed(xml: string): DeviceFacts {
  try {
    return readDevice(xml, 'disk')
  } catch (error) {
    throw vdsmError('HotplugDiskFailed', (error as Error).message)
  }
}
