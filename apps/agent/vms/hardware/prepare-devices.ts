// What hook scripts make of a VM's disks, host devices and leases before it starts.
import { type DiskImage, type TargetedImage, withDiskImage } from '../../domain-xml/disk-images.ts'
import { type PropertyDevice, withPropertyDevices } from '../../domain-xml/property-devices.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import type { VmParts } from '../vm-parts.ts'

type Parts = Pick<VmParts, 'store' | 'hooks'>

/** Rejects with the HookError of a script that refuses one. */
export async function prepareDisks({ store, hooks }: Parts, vmId: string, disks: readonly TargetedImage[]) {
  for (const { target, image } of disks) {
    const left = await prepared({ hooks }, store.get(vmId)!, image)
    store.change(vmId, (vm) => ({ ...vm, xml: withDiskImage(vm.xml, target, left) }))
  }
}

/** The same for a VM that was started before, here or elsewhere: its domain has what they made of its disks then. */
export async function prepareSavedDisks({ store, hooks }: Parts, vmId: string, disks: readonly TargetedImage[]) {
  for (const { image } of disks) await prepared({ hooks }, store.get(vmId)!, image)
}

async function prepared({ hooks }: Pick<VmParts, 'hooks'>, vm: VmRecord, image: DiskImage): Promise<DiskImage> {
  const left = await hooks.runJson('after_disk_prepare', image, { vm })
  if (typeof left === 'object' && left !== null && !Array.isArray(left)) return { ...image, ...left }
  throw new Error('what the scripts of after_disk_prepare left cannot be used: it is no object')
}

/** Rejects with the HookError of a script that refuses one. */
export async function createDevices({ store, hooks }: Parts, vmId: string, devices: readonly PropertyDevice[]) {
  const vm = store.get(vmId)!
  const left: string[] = []
  for (const { xml, custom } of devices)
    left.push((await hooks.runXml('before_device_create', xml, { params: custom, vm })) ?? '')
  if (left.length > 0) store.change(vmId, (before) => ({ ...before, xml: withLeft(before.xml, left) }))
}

function withLeft(domainXml: string, left: readonly string[]): string {
  try {
    return withPropertyDevices(domainXml, left)
  } catch (error) {
    throw new Error(`what the scripts of before_device_create left cannot be used: ${(error as Error).message}`)
  }
}
