// VMs and their vNICs.
import { bool, choice, int, list, referenceTo, resource, struct, text } from '../element.ts'

export const vmType = resource('vm', 'vms', {
  name: text,
  description: text,
  comment: text,
  cluster: referenceTo('clusters'),
  template: referenceTo('templates'),
  host: referenceTo('hosts'),
  status: text,
  status_detail: text,
  memory: int,
  /** One of each: clients look for it. */
  cpu: struct({ topology: struct({ cores: int, sockets: int, threads: int }) }),
  custom_properties: list('custom_property', struct({ name: text, value: text })),
})

export const nicType = resource('nic', 'nics', {
  name: text,
  interface: choice('virtio', 'e1000', 'e1000e', 'rtl8139', 'rtl8139_virtio', 'spapr_vlan', 'pci_passthrough'),
  linked: bool,
  plugged: bool,
  /** Its host wires it as its profile and network say now. */
  synced: bool,
  mac: struct({ address: text }),
  vnic_profile: referenceTo('vnicprofiles'),
  vm: referenceTo('vms'),
})

/** Of a VM; there are none here, and clients look. */
export const numaNodeType = resource('vm_numa_node', 'vm_numa_nodes', {})
