// VM.hotplugNic: a NIC joins a running VM. Answered when its port is wired; undone when it cannot be.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { type NicFacts, readHotplug, withNicMetadata } from '../../domain-xml/domain.ts'
import { HookError } from '../../hooks/hook-error.ts'
import { nicOf, type VmRecord, withNic, withStep } from '../../vm-records/vm-record.ts'
import { newNic } from '../create-vm.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { removeNic } from './remove-nic.ts'

/** Answers the VM's record with the NIC in it. Asked again for a NIC that is plugged, it changes nothing. */
export async function hotplugNic(parts: VmParts, vmId: string, xml: string): Promise<VmRecord> {
  runningVm(parts.store, vmId)
  const nic = parsed(xml)
  return parts.locks.exclusive(vmId, async () => {
    const vm = runningVm(parts.store, vmId)
    const known = nicOf(vm, nic.mac)
    if (known?.step === 'plugged' && known.alias === nic.alias && known.custom?.vnic_id === nic.custom?.vnic_id)
      return vm
    if (known?.step === 'unplugging') await finishEarlierUnplug(parts, vmId, nic.mac)
    refuseDuplicate(parts.store.get(vmId)!, nic)
    parts.store.change(vmId, (before) => withNic(before, nic.mac, newNic(nic)))
    await plug(parts, vmId, nic).catch(async (error) => {
      await undoPlug(parts, vmId, nic.mac)
      throw error instanceof HookError ? error : vdsmError('HotplugNicFailed', error.message)
    })
    return parts.store.get(vmId)!
  })
}

/** The engine finds a NIC by its MAC address when it plugs it, and by its alias when it unplugs it. */
function refuseDuplicate({ nics }: VmRecord, { mac, alias }: NicFacts): void {
  if (mac === '') throw vdsmError('HotplugNicFailed', 'the interface has no MAC address')
  for (const other of nics) {
    if (other.mac === mac) throw vdsmError('HotplugNicFailed', `the VM has a NIC with the MAC address ${mac} already`)
    if (alias !== '' && other.alias === alias)
      throw vdsmError('HotplugNicFailed', `the VM has a NIC with the alias ${alias} already`)
  }
}

async function finishEarlierUnplug(parts: VmParts, vmId: string, mac: string): Promise<void> {
  await removeNic(parts, vmId, mac).catch((error) => {
    throw vdsmError('HotplugNicFailed', `what an earlier plug of this NIC left cannot be removed: ${error.message}`)
  })
}

async function plug(parts: VmParts, vmId: string, { alias, mac, network, custom }: NicFacts): Promise<void> {
  const { store, hooks, wiring, hypervisor } = parts
  const { xml } = await wiring.prepare(vmId, mac, 'before_nic_hotplug')
  const context = { params: { ...custom }, vm: store.get(vmId)! }
  let real: string
  try {
    await hypervisor.attach(vmId, xml)
    // Read while the driver waits for the port.
    const reading = hypervisor.interfaces(vmId)
    reading.catch(() => {})
    await wiring.connect(vmId, mac)
    real = (await reading).find((each) => readInterface(each).mac === mac) ?? xml
  } catch (error) {
    await hooks.runXml('after_nic_hotplug_fail', xml, context)
    throw error
  }
  store.change(vmId, (vm) => ({
    ...withNic(vm, mac, { ...nicOf(vm, mac)!, xml: real, step: 'plugged' }),
    xml: withNicMetadata(vm.xml, mac, { alias, network, custom }),
  }))
  await hooks.runXml('after_nic_hotplug', xml, context)
}

/** The NIC as if it had never come. May be repeated. */
export async function undoPlug(parts: VmParts, vmId: string, mac: string): Promise<void> {
  // From now on a restart finishes this, and so do the next hot plug, hot unplug and destroy.
  parts.store.settle(vmId, (vm) => withStep(vm, mac, 'unplugging'))
  await removeNic(parts, vmId, mac).catch((error) =>
    parts.log.error({ vmId, mac, err: error }, 'a failed plug could not be undone'),
  )
}

function parsed(xml: string): NicFacts {
  try {
    return readHotplug(xml)
  } catch (error) {
    throw vdsmError('HotplugNicFailed', (error as Error).message)
  }
}
