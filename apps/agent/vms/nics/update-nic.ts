// VM.updateDevice: a NIC of a running VM gets a carrier, or loses it; one on a network of the host's own goes to another
// bridge. What a driver or a hook script connected stays where it is: it is moved by unplugging and plugging it.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'
import { type NicFacts, readHotplug, withNicMetadata } from '../../domain-xml/domain.ts'
import { type NicRecord, nicOf, type VmRecord, withNic } from '../../vm-records/vm-record.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { isConnectedOtherwise, updatedInterface } from './interface-update.ts'

export interface NicUpdate {
  readonly alias: string
  /** undefined: as it is; so are the others. */
  readonly linkUp?: boolean | undefined
  /** The engine's name of the network it is to be on; '' for none. */
  readonly network?: string | undefined
  /** The interface as it is to be, but for what it is connected to. */
  readonly xml?: string
  readonly custom?: NicFacts['custom']
}

/** The update in XML like that of a hot plug. Throws UpdateDeviceFailed for what is none. */
export function readUpdate(xml: string): NicUpdate {
  try {
    const { alias, network, custom, xml: element } = readHotplug(xml)
    return { alias, linkUp: readInterface(element).linkUp, xml: element, custom, network: network || undefined }
  } catch (error) {
    throw vdsmError('UpdateDeviceFailed', (error as Error).message)
  }
}

/** Throws UpdateDeviceFailed, with the NIC as it was. May be repeated. */
export function updateNic(parts: VmParts, vmId: string, update: NicUpdate): Promise<void> {
  return parts.locks.exclusive(vmId, async () => {
    const vm = runningVm(parts.store, vmId)
    const nic = updatable(vm, update)
    const after = updated(nic, update)
    const context = { params: { ...after.custom }, vm }
    const xml = await hooked(parts, after.xml, context)
    try {
      await connect(parts, vmId, nic, xml)
    } catch (error) {
      await parts.hooks.runXml('after_update_device_fail', xml, context)
      throw vdsmError('UpdateDeviceFailed', (error as Error).message)
    }
    record(parts, vmId, { ...after, xml: kept(nic, xml) })
    await parts.hooks.runXml('after_update_device', xml, context)
  })
}

/** Not of what somebody else connected: that says nothing of bridges of the host. */
const isMovable = ({ driver, custom }: NicRecord) => driver === undefined && !custom?.provider_type

function updatable({ nics }: VmRecord, { alias, network, custom }: NicUpdate): NicRecord {
  const nic = nics.find((each) => each.alias === alias && each.step === 'plugged')
  if (!nic) throw vdsmError('UpdateDeviceFailed', `the VM has no NIC with the alias ${alias}`)
  const goes = network !== undefined && (network || unconnected) !== nic.network
  if (goes && !(isMovable(nic) && !custom?.provider_type))
    throw vdsmError('UpdateDeviceFailed', `NIC ${alias} is on ${nic.network}: unplug it to plug it into ${network}`)
  return nic
}

function updated(nic: NicRecord, { network, custom, linkUp, xml }: NicUpdate): NicRecord {
  if (!isMovable(nic)) return { ...nic, xml: updatedInterface(nic.xml, { linkUp }) }
  const goes = network !== undefined && (network || unconnected) !== nic.network
  return {
    ...nic,
    network: goes ? network || unconnected : nic.network,
    custom: custom ?? nic.custom,
    xml: updatedInterface(nic.xml, { linkUp, like: xml, ...(goes && { bridge: network }) }),
  }
}

/** Scripts may forbid the change, or decide otherwise. */
async function hooked({ hooks }: VmParts, xml: string, context: { params: Record<string, string>; vm: VmRecord }) {
  try {
    return (await hooks.runXml('before_update_device', xml, context)) ?? xml
  } catch (error) {
    // VDSM counts a veto as a failed update, unlike one of a plug.
    await hooks.runXml('after_update_device_fail', xml, context)
    throw vdsmError('UpdateDeviceFailed', (error as Error).message)
  }
}

/** The link alone is set where nothing else changes. */
async function connect({ hypervisor }: VmParts, vmId: string, nic: NicRecord, xml: string): Promise<void> {
  const wanted = kept(nic, xml)
  if (isConnectedOtherwise(nic.xml, wanted)) await hypervisor.reconnect(vmId, wanted)
  else await hypervisor.setLink(vmId, nic.mac, readInterface(wanted).linkUp)
}

/** Of what scripts left: of a NIC that stays where it is, the link. */
function kept(nic: NicRecord, xml: string): string {
  const { linkUp, sourceBridge: bridge } = readInterface(xml)
  if (!isMovable(nic)) return updatedInterface(nic.xml, { linkUp })
  return updatedInterface(nic.xml, { linkUp, bridge, like: xml })
}

function record({ store }: VmParts, vmId: string, { mac, alias, network, custom, xml }: NicRecord): void {
  store.change(vmId, (vm) => ({
    ...withNic(vm, mac, { ...nicOf(vm, mac)!, network, custom, xml }),
    xml: withNicMetadata(vm.xml, mac, { alias, network, custom }),
  }))
}
