// VM.hotunplugNic: a NIC leaves a running VM. Answered when it is gone from the guest and off its network.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readHotplug } from '../../domain-xml/domain.ts'
import { type NicRecord, type VmRecord, withStep } from '../../vm-records/vm-record.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { removeNic } from './remove-nic.ts'

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
  store.change(vmId, (before) => withStep(before, nic.mac, 'unplugging'))
  try {
    await wiring.beforeRelease(vmId, nic.mac)
    await hypervisor.detach(vmId, nic.mac)
  } catch (error) {
    await stayPlugged(parts, vmId, nic)
    await hooks.runXml('after_nic_hotunplug_fail', nic.xml, context)
    throw vdsmError('HotunplugNicFailed', (error as Error).message)
  }
  await removeNic(parts, vmId, nic.mac).catch((error) => {
    throw vdsmError('HotunplugNicFailed', error.message)
  })
  await hooks.runXml('after_nic_hotunplug', nic.xml, context)
}

/** The guest kept its NIC, so the driver connects it again in case it had begun to let go. */
async function stayPlugged({ store, wiring, log }: VmParts, vmId: string, { mac, step }: NicRecord): Promise<void> {
  // What an earlier unplug took from the guest does not come back.
  if (step !== 'plugged') return
  store.change(vmId, (vm) => withStep(vm, mac, 'plugged'))
  await wiring
    .connect(vmId, mac)
    .catch((error) => log.error({ vmId, mac, err: error }, 'a NIC that could not be unplugged is not wired'))
}

function parsed(xml: string): { alias: string; mac: string } {
  try {
    const { alias, mac } = readHotplug(xml)
    if (alias === '' && mac === '') throw new Error('the interface has neither alias nor MAC address')
    return { alias, mac }
  } catch (error) {
    throw vdsmError('HotunplugNicFailed', (error as Error).message)
  }
}
