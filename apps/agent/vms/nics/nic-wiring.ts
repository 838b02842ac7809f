// A NIC's way onto its network and off again: hook scripts first, then the driver that owns it.
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { editInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { checkedInterface } from '../../drivers/driver-answers.ts'
import type { NicDrivers, Verb } from '../../drivers/nic-drivers.ts'
import type { HookRunner } from '../../hooks/hook-runner.ts'
import { hasProperties, type NicRecord, nicOf, type VmRecord, withNic } from '../../vm-records/vm-record.ts'
import type { VmStore } from '../../vm-records/vm-store.ts'

export interface NicWiring {
  /**
   * Before the hypervisor makes the interface: hooks and driver say what it is connected to. Answers the NIC as it
   * stands in the store then. Throws a HookError or a DriverError; `release` undoes what was done until then.
   */
  prepare(vmId: string, mac: string, point: 'before_device_create' | 'before_nic_hotplug'): Promise<NicRecord>
  /** The same for a VM that was saved: its interfaces are as hooks left them. */
  prepareRestored(vmId: string, mac: string): Promise<void>
  /** The interface exists: resolves when the port is wired. */
  connect(vmId: string, mac: string): Promise<void>
  /** The interface is about to go. */
  beforeRelease(vmId: string, mac: string): Promise<void>
  /** The interface is gone, or never came: removes what prepare and connect made. May be repeated. */
  release(vmId: string, mac: string): Promise<void>
  /** The same four for a VM that moves: on the destination, then on the source. */
  prepareArrival(vmId: string, mac: string): Promise<void>
  connectArrival(vmId: string, mac: string): Promise<void>
  beforeDeparture(vmId: string, mac: string): Promise<void>
  afterDeparture(vmId: string, mac: string): Promise<void>
}

export function createNicWiring(store: VmStore, hooks: HookRunner, drivers: NicDrivers): NicWiring {
  const look = (vmId: string, mac: string): [VmRecord, NicRecord] => {
    const vm = store.get(vmId)!
    return [vm, nicOf(vm, mac)!]
  }
  const changed = (mac: string, change: Partial<NicRecord>) => (vm: VmRecord) =>
    withNic(vm, mac, { ...nicOf(vm, mac)!, ...change })
  const update = (vmId: string, mac: string, change: Partial<NicRecord>) => store.change(vmId, changed(mac, change))
  const callDriver = async (verb: Verb, phase: 'before' | 'after', vmId: string, mac: string) => {
    const [vm, nic] = look(vmId, mac)
    const { domxml, state } = await drivers.call(verb, phase, vm, nic)
    // An interface that exists is not changed any more.
    const connects = phase === 'before' && (verb === 'plug_device' || verb === 'migration_destination')
    const change = { ...(connects && domxml !== undefined && { xml: domxml }), ...(state !== undefined && { state }) }
    if (Object.keys(change).length === 0) return
    if (verb === 'unplug_device') store.settle(vmId, changed(mac, change))
    else update(vmId, mac, change)
  }

  return {
    async prepare(vmId, mac, point) {
      const [vm, nic] = look(vmId, mac)
      if (nic.custom === undefined) return nic
      const xml = hooked(point, await hooks.runXml(point, nic.xml, { params: nic.custom, vm }), mac)
      const driver = drivers.ownerOf(nic)
      if (driver === undefined) refuseUnowned(nic, xml, drivers.broken())
      // Written down before the driver acts: what it began is found after a crash.
      update(vmId, mac, { xml, driver })
      await callDriver('plug_device', 'before', vmId, mac)
      return look(vmId, mac)[1]
    },
    async prepareRestored(vmId, mac) {
      const [, nic] = look(vmId, mac)
      if (!hasProperties(nic.custom)) return
      update(vmId, mac, { driver: drivers.ownerOf(nic) })
      await callDriver('plug_device', 'before', vmId, mac)
    },
    connect: (vmId, mac) => callDriver('plug_device', 'after', vmId, mac),
    beforeRelease: (vmId, mac) => callDriver('unplug_device', 'before', vmId, mac),
    release: (vmId, mac) => callDriver('unplug_device', 'after', vmId, mac),

    async prepareArrival(vmId, mac) {
      const [vm, nic] = look(vmId, mac)
      if (!hasProperties(nic.custom)) return
      await hooks.runXml('before_device_migrate_destination', nic.xml, { params: nic.custom, vm })
      update(vmId, mac, { driver: drivers.ownerOf(nic) })
      await callDriver('migration_destination', 'before', vmId, mac)
    },
    connectArrival: (vmId, mac) => callDriver('migration_destination', 'after', vmId, mac),
    async beforeDeparture(vmId, mac) {
      const [vm, nic] = look(vmId, mac)
      if (!hasProperties(nic.custom)) return
      await hooks.runXml('before_device_migrate_source', nic.xml, { params: nic.custom, vm })
      await callDriver('migration_source', 'before', vmId, mac)
    },
    afterDeparture: (vmId, mac) => callDriver('migration_source', 'after', vmId, mac),
  }
}

/** A script may leave anything; what is no interface of this NIC would be found out too late. */
function hooked(point: string, xml: string | undefined, mac: string): string {
  try {
    return checkedInterface(xml ?? '', mac)
  } catch (error) {
    throw new Error(`what the scripts of ${point} left cannot be used: ${(error as Error).message}`)
  }
}

/** An external NIC that no driver owns and no hook script touched would dangle from a bridge that does not exist. */
function refuseUnowned(nic: NicRecord, hookedXml: string, broken: readonly string[]): void {
  const type = nic.custom?.provider_type ?? ''
  if (!['EXTERNAL_NETWORK', 'OPENSTACK_NETWORK'].includes(type) || hookedXml !== editInterface(nic.xml, {})) return
  throw new DriverError(
    'unsupported',
    `no driver on this host serves plugin type "${nic.custom?.plugin_type ?? ''}" of NIC ${nic.mac}, and no hook script connected it: ${broken.join('; ') || 'configure a driver for it'}`,
  )
}
