// VMs and their vNICs.
import { bool, choice, int, list, reference, resource, struct, text } from '../element.ts'

export const vmType = resource('vm', 'vms', {
  name: text,
  description: text,
  comment: text,
  cluster: reference,
  template: reference,
  host: reference,
  status: text,
  status_detail: text,
  memory: int,
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
  vnic_profile: reference,
  vm: reference,
})
