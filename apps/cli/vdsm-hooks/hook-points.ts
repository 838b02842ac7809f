// At which hook points of VDSM an installed driver is called, and which verb it must have for that.

/** The verb without which the script would have nothing to do; undefined: every driver has it. */
export const driverHookPoints: Readonly<Record<string, 'get_caps' | 'get_stats' | undefined>> = {
  before_device_create: undefined,
  after_device_create: undefined,
  before_nic_hotplug: undefined,
  after_nic_hotplug: undefined,
  after_nic_hotplug_fail: undefined,
  before_nic_hotunplug: undefined,
  after_nic_hotunplug: undefined,
  after_nic_hotunplug_fail: undefined,
  before_device_destroy: undefined,
  after_vm_destroy: undefined,
  after_device_destroy: undefined,
  before_device_migrate_source: undefined,
  after_device_migrate_source: undefined,
  after_device_migrate_source_fail: undefined,
  before_device_migrate_destination: undefined,
  after_device_migrate_destination: undefined,
  after_device_migrate_destination_fail: undefined,
  after_get_caps: 'get_caps',
  after_get_vm_stats: 'get_stats',
  after_get_all_vm_stats: 'get_stats',
}
