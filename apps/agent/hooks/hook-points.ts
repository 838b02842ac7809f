// The hook points of VDSM 4.50, and four of ours: what a script finds in its data file, and what its failure and its output mean.

export interface HookPointTraits {
  /** What the data file holds: one device element, a whole domain, JSON, or nothing (an empty XML data file). */
  payload: 'device-xml' | 'domain-xml' | 'json' | 'none'
  /** A failing script fails the operation; else it is only logged. */
  raising: boolean
  /** The operation goes on with what the scripts left in the data file; else their edits are dropped. */
  outputUsed: boolean
}

export const hookPoints = {
  // Life of a VM
  before_device_create: { payload: 'device-xml', raising: true, outputUsed: true },
  before_vm_start: { payload: 'domain-xml', raising: true, outputUsed: true },
  after_vm_start: { payload: 'domain-xml', raising: false, outputUsed: false },
  after_device_create: { payload: 'device-xml', raising: false, outputUsed: false },
  before_device_destroy: { payload: 'device-xml', raising: true, outputUsed: false },
  before_vm_destroy: { payload: 'none', raising: false, outputUsed: false },
  after_vm_destroy: { payload: 'domain-xml', raising: false, outputUsed: false },
  after_device_destroy: { payload: 'device-xml', raising: false, outputUsed: false },
  before_vm_cont: { payload: 'domain-xml', raising: true, outputUsed: false },
  after_vm_cont: { payload: 'domain-xml', raising: false, outputUsed: false },
  before_vm_pause: { payload: 'domain-xml', raising: true, outputUsed: false },
  after_vm_pause: { payload: 'domain-xml', raising: false, outputUsed: false },
  before_vm_hibernate: { payload: 'domain-xml', raising: true, outputUsed: false },
  after_vm_hibernate: { payload: 'domain-xml', raising: false, outputUsed: false },
  before_vm_dehibernate: { payload: 'domain-xml', raising: true, outputUsed: false },
  after_vm_dehibernate: { payload: 'domain-xml', raising: false, outputUsed: false },
  before_vm_set_ticket: { payload: 'domain-xml', raising: false, outputUsed: false },
  after_vm_set_ticket: { payload: 'domain-xml', raising: false, outputUsed: false },

  // NICs of a running VM
  before_nic_hotplug: { payload: 'device-xml', raising: true, outputUsed: true },
  after_nic_hotplug: { payload: 'device-xml', raising: false, outputUsed: false },
  after_nic_hotplug_fail: { payload: 'device-xml', raising: false, outputUsed: false },
  before_nic_hotunplug: { payload: 'device-xml', raising: true, outputUsed: false },
  after_nic_hotunplug: { payload: 'device-xml', raising: false, outputUsed: false },
  after_nic_hotunplug_fail: { payload: 'device-xml', raising: false, outputUsed: false },
  before_update_device: { payload: 'device-xml', raising: true, outputUsed: true },
  after_update_device: { payload: 'device-xml', raising: false, outputUsed: false },
  after_update_device_fail: { payload: 'device-xml', raising: false, outputUsed: false },

  // Disks, memory and CPUs of a running VM
  before_disk_hotplug: { payload: 'device-xml', raising: true, outputUsed: true },
  after_disk_hotplug: { payload: 'device-xml', raising: false, outputUsed: false },
  before_disk_hotunplug: { payload: 'device-xml', raising: true, outputUsed: false },
  after_disk_hotunplug: { payload: 'device-xml', raising: false, outputUsed: false },
  before_memory_hotplug: { payload: 'device-xml', raising: true, outputUsed: true },
  after_memory_hotplug: { payload: 'device-xml', raising: false, outputUsed: false },
  before_set_num_of_cpus: { payload: 'none', raising: true, outputUsed: false },
  after_set_num_of_cpus: { payload: 'none', raising: false, outputUsed: false },

  // Migration
  before_device_migrate_source: { payload: 'device-xml', raising: true, outputUsed: false },
  before_vm_migrate_source: { payload: 'domain-xml', raising: true, outputUsed: false },
  before_device_migrate_destination: { payload: 'device-xml', raising: true, outputUsed: false },
  before_vm_migrate_destination: { payload: 'domain-xml', raising: true, outputUsed: false },
  after_vm_migrate_source: { payload: 'domain-xml', raising: false, outputUsed: false },
  after_device_migrate_source: { payload: 'device-xml', raising: false, outputUsed: false },
  after_vm_migrate_destination: { payload: 'domain-xml', raising: false, outputUsed: false },
  after_device_migrate_destination: { payload: 'device-xml', raising: false, outputUsed: false },
  // Ours: VDSM calls no hook when a migration has failed.
  after_vm_migrate_source_fail: { payload: 'domain-xml', raising: false, outputUsed: false },
  after_device_migrate_source_fail: { payload: 'device-xml', raising: false, outputUsed: false },
  after_vm_migrate_destination_fail: { payload: 'domain-xml', raising: false, outputUsed: false },
  after_device_migrate_destination_fail: { payload: 'device-xml', raising: false, outputUsed: false },

  // The host
  before_vdsm_start: { payload: 'none', raising: false, outputUsed: false },
  after_vdsm_stop: { payload: 'none', raising: false, outputUsed: false },
  before_network_setup: { payload: 'json', raising: true, outputUsed: true },
  after_network_setup: { payload: 'json', raising: false, outputUsed: false },
  after_network_setup_fail: { payload: 'json', raising: false, outputUsed: false },
  before_get_caps: { payload: 'json', raising: true, outputUsed: false },
  after_get_caps: { payload: 'json', raising: false, outputUsed: true },
  before_get_stats: { payload: 'json', raising: true, outputUsed: false },
  after_get_stats: { payload: 'json', raising: false, outputUsed: true },
  before_get_vm_stats: { payload: 'json', raising: true, outputUsed: false },
  after_get_vm_stats: { payload: 'json', raising: false, outputUsed: true },
  before_get_all_vm_stats: { payload: 'json', raising: true, outputUsed: false },
  after_get_all_vm_stats: { payload: 'json', raising: false, outputUsed: true },
  after_hostdev_list_by_caps: { payload: 'json', raising: false, outputUsed: true },
  after_disk_prepare: { payload: 'json', raising: true, outputUsed: true },
} as const satisfies Record<string, HookPointTraits>

export type HookPoint = keyof typeof hookPoints

export type JsonHookPoint = {
  [Point in HookPoint]: (typeof hookPoints)[Point]['payload'] extends 'json' ? Point : never
}[HookPoint]

/** Every other point: VDSM hands it an XML data file, empty where the payload is 'none'. */
export type XmlHookPoint = Exclude<HookPoint, JsonHookPoint>
