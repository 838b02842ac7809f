// VM.hotunplugDisk: a disk leaves a running VM. Answered when the guest has let go of it.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { type DeviceFacts, findDisk, readDevice, withDiskMetadata } from '../../domain-xml/hardware.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { carryOut, machineOf, recordHardware } from './machine-of.ts'

/**
 * The engine names the disk by its alias alone; by its target it is found, too. Throws HotunplugDiskFailed, with the
 * disk plugged, or the HookError of a script that keeps it.
 */
export function hotunplugDisk(parts: VmParts, vmId: string, xml: string): Promise<void> {
  const { hooks, store, locks } = parts
  return locks.exclusive(vmId, async () => {
    runningVm(store, vmId)
    const machine = machineOf(parts)
    // Disks that the VM was started with get their aliases from the hypervisor.
    await recordHardware(parts, vmId)
    const vm = store.get(vmId)!
    const disk = pluggedDisk(vm, xml)
    const context = { params: { ...disk.custom }, vm }
    await hooks.runXml('before_disk_hotunplug', disk.xml, context)
    await carryOut(parts, vmId, machine.detach(vmId, disk.alias), 'HotunplugDiskFailed')
    await recordHardware(parts, vmId, (domainXml) => withDiskMetadata(domainXml, disk.target, undefined))
    await hooks.runXml('after_disk_hotunplug', disk.xml, context)
  })
}

function pluggedDisk(vm: VmRecord, xml: string): DeviceFacts {
  let disk: DeviceFacts | undefined
  try {
    disk = findDisk(vm.xml, readDevice(xml, 'disk'))
  } catch (error) {
    throw vdsmError('HotunplugDiskFailed', (error as Error).message)
  }
  if (!disk) throw vdsmError('HotunplugDiskFailed', 'Disk not found')
  return disk
}
