// VM.hotunplugNic: a NIC leaves a running VM. Answered when it is gone from the guest and off its network.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readHotplug, withNicMetadata } from '../domain-xml/domain.ts'
import { runningVm } from './running-vm.ts'
import type { VmParts } from './vm-parts.ts'
import { type NicRecord, type VmRecord, withNic } from './vm-record.ts'

/** The engine names the NIC by its alias alone. A NIC that is not there is unplugged already. */
export async function hotunplugNic(parts: VmParts, vmId: string, xml: string): Promise<void> {
  runningVm(parts.store, vmId)
  const { alias, mac } = parsed(xml)
  await parts.locks.exclusive(vmId, async () => {
    const vm = runningVm(parts.store, vmId)
    const nic = vm.nics.find((each) => (alias ? each.alias === alias : each.mac === mac))
    if (nic) await unplug(parts, vm, nic)
  })
}

async function unplug(parts: VmParts, vm: VmRecord, nic: NicRecord): Promise<void> {
  const { store, hooks, wiring, hypervisor } = parts
  const { vmId } = vm
  const context = { params: { ...nic.custom }, vm }
  await hooks.runXml('before_nic_hotunplug', nic.xml, context)
  store.change(vmId, (before) => withNic(before, nic.mac, { ...nic, step: 'unplugging' }))
  try {
    await wiring.beforeRelease(vmId, nic.mac)
    await hypervisor.detach(vmId, nic.mac)
  } catch (error) {
    await stayPlugged(parts, vmId, nic)
    await hooks.runXml('after_nic_hotunplug_fail', nic.xml, context)
    throw vdsmError('HotunplugNicFailed', (error as Error).message)
  }
  await finishUnplug(parts, vmId, nic.mac)
  await hooks.runXml('after_nic_hotunplug', nic.xml, context)
}

/** The interface is gone from the guest: so is the rest. May be repeated. */
export async function finishUnplug({ store, wiring }: VmParts, vmId: string, mac: string): Promise<void> {
  try {
    await wiring.release(vmId, mac)
  } catch (error) {
    throw vdsmError('HotunplugNicFailed', (error as Error).message)
  }
  store.change(vmId, (vm) => ({ ...withNic(vm, mac, undefined), xml: withNicMetadata(vm.xml, mac, undefined) }))
}

/** The guest kept its NIC, so the driver connects it again in case it had begun to let go. */
async function stayPlugged({ store, wiring, log }: VmParts, vmId: string, nic: NicRecord): Promise<void> {
  store.change(vmId, (vm) => withNic(vm, nic.mac, { ...nic, step: 'plugged' }))
  await wiring
    .connect(vmId, nic.mac)
    .catch((error) => log.error({ vmId, mac: nic.mac, err: error }, 'a NIC that could not be unplugged is not wired'))
}

function parsed(xml: string): { alias: string; mac: string } {
  try {
    return readHotplug(xml)
  } catch (error) {
    throw vdsmError('HotunplugNicFailed', (error as Error).message)
  }
}
