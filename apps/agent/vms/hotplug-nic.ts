// VM.hotplugNic: a NIC joins a running VM. Answered when its port is wired; undone when it cannot be.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { type NicFacts, readHotplug, withNicMetadata } from '../domain-xml/domain.ts'
import { HookError } from '../hooks/hook-error.ts'
import { newNic } from './create-vm.ts'
import { runningVm } from './running-vm.ts'
import type { VmParts } from './vm-parts.ts'
import { nicOf, type VmRecord, withNic } from './vm-record.ts'

/** Answers the VM's record with the NIC in it. Asked again for a NIC that is plugged, it changes nothing. */
export async function hotplugNic(parts: VmParts, vmId: string, xml: string): Promise<VmRecord> {
  runningVm(parts.store, vmId)
  const nic = parsed(xml)
  return parts.locks.exclusive(vmId, async () => {
    const vm = runningVm(parts.store, vmId)
    const known = nicOf(vm, nic.mac)
    if (known?.step === 'plugged' && known.alias === nic.alias && known.custom?.vnic_id === nic.custom?.vnic_id)
      return vm
    if (known) throw vdsmError('HotplugNicFailed', `the VM has a NIC with the MAC address ${nic.mac} already`)
    parts.store.change(vmId, (before) => withNic(before, nic.mac, newNic(nic)))
    await plug(parts, vmId, nic).catch(async (error) => {
      await undoPlug(parts, vmId, nic.mac)
      throw error instanceof HookError ? error : vdsmError('HotplugNicFailed', error.message)
    })
    return parts.store.get(vmId)!
  })
}

async function plug(parts: VmParts, vmId: string, { mac, network, custom = {} }: NicFacts): Promise<void> {
  const { store, hooks, wiring, hypervisor } = parts
  const { xml } = await wiring.prepare(vmId, mac, 'before_nic_hotplug')
  const context = { params: custom, vm: store.get(vmId)! }
  try {
    await hypervisor.attach(vmId, xml)
    await wiring.connect(vmId, mac)
  } catch (error) {
    await hooks.runXml('after_nic_hotplug_fail', xml, context)
    throw error
  }
  const real = (await hypervisor.interfaces(vmId)).find((each) => readInterface(each).mac === mac) ?? xml
  store.change(vmId, (vm) => ({
    ...withNic(vm, mac, { ...nicOf(vm, mac)!, xml: real, step: 'plugged' }),
    xml: withNicMetadata(vm.xml, mac, { network, custom }),
  }))
  await hooks.runXml('after_nic_hotplug', xml, context)
}

/** The NIC as if it had never come. May be repeated. */
export async function undoPlug({ store, wiring, hypervisor, log }: VmParts, vmId: string, mac: string): Promise<void> {
  try {
    await hypervisor.detach(vmId, mac)
    await wiring.release(vmId, mac)
    store.change(vmId, (vm) => withNic(vm, mac, undefined))
  } catch (error) {
    // The record stays: the next hot unplug, destroy or restart tries again.
    store.change(vmId, (vm) => withNic(vm, mac, { ...nicOf(vm, mac)!, step: 'unplugging' }))
    log.error({ vmId, mac, err: error }, 'a failed plug could not be undone')
  }
}

function parsed(xml: string): NicFacts {
  try {
    return readHotplug(xml)
  } catch (error) {
    throw vdsmError('HotplugNicFailed', (error as Error).message)
  }
}
