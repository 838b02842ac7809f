// VM.updateDevice: a NIC of a running VM gets a carrier, or loses it. What it is connected to stays: a vNIC is moved to
// another network by unplugging and plugging it, as the engine does with external ones.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { editInterface, readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { readHotplug } from '../../domain-xml/domain.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { type NicRecord, nicOf, type VmRecord, withNic } from '../vm-record.ts'

export interface NicUpdate {
  readonly alias: string
  /** undefined: as it is. */
  readonly linkUp: boolean | undefined
  /** The engine's name of the network it is to be on; undefined: where it is. */
  readonly network: string | undefined
}

/** The update in XML like that of a hot plug. Throws UpdateDeviceFailed for what is none. */
export function readUpdate(xml: string): NicUpdate {
  try {
    const nic = readHotplug(xml)
    return { alias: nic.alias, linkUp: readInterface(nic.xml).linkUp, network: undefined }
  } catch (error) {
    throw vdsmError('UpdateDeviceFailed', (error as Error).message)
  }
}

/** Throws UpdateDeviceFailed, with the NIC as it was. */
export function updateNic(parts: VmParts, vmId: string, update: NicUpdate): Promise<void> {
  return parts.locks.exclusive(vmId, async () => {
    const vm = runningVm(parts.store, vmId)
    const nic = updatable(vm, update)
    const context = { params: { ...nic.custom }, vm }
    const xml = await hooked(
      parts,
      editInterface(nic.xml, update.linkUp === undefined ? {} : { linkUp: update.linkUp }),
      context,
    )
    const { linkUp } = readInterface(xml)
    try {
      await parts.hypervisor.setLink(vmId, nic.mac, linkUp)
    } catch (error) {
      await parts.hooks.runXml('after_update_device_fail', xml, context)
      throw vdsmError('UpdateDeviceFailed', (error as Error).message)
    }
    parts.store.change(vmId, (before) =>
      withNic(before, nic.mac, { ...nicOf(before, nic.mac)!, xml: editInterface(nic.xml, { linkUp }) }),
    )
    await parts.hooks.runXml('after_update_device', xml, context)
  })
}

/** Scripts may forbid the change, or decide otherwise about the link. */
async function hooked({ hooks }: VmParts, xml: string, context: { params: Record<string, string>; vm: VmRecord }) {
  try {
    return (await hooks.runXml('before_update_device', xml, context)) ?? xml
  } catch (error) {
    // VDSM counts a veto as a failed update, unlike one of a plug.
    await hooks.runXml('after_update_device_fail', xml, context)
    throw vdsmError('UpdateDeviceFailed', (error as Error).message)
  }
}

function updatable({ nics }: VmRecord, { alias, network }: NicUpdate): NicRecord {
  const nic = nics.find((each) => each.alias === alias && each.step === 'plugged')
  if (!nic) throw vdsmError('UpdateDeviceFailed', `the VM has no NIC with the alias ${alias}`)
  if (network !== undefined && network !== nic.network)
    throw vdsmError('UpdateDeviceFailed', `NIC ${alias} is on ${nic.network}: unplug it to plug it into ${network}`)
  return nic
}
