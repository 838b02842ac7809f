// VMs, their vNICs, and the hosts they run on.
import type { FaultTexts } from './fault-texts.ts'

export const vmFaults = {
  ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL: { status: 409, text: 'Cannot {action}. VM {vm} is {status}.' },
  ACTION_TYPE_FAILED_VDS_VM_CLUSTER: {
    status: 409,
    text: 'Cannot {action}. There is no host that can run the VM: {reasons}',
  },
  VM_START_FAILED: { status: 400, text: 'VM {vm} did not start: {reason}' },
  SUSPEND_FAILED: { status: 400, text: 'VM {vm} was not suspended: {reason}' },
  CANNOT_CANCEL_MIGRATION_WHEN_VM_IS_NOT_MIGRATING: {
    status: 409,
    text: 'Cannot {action}. VM {vm} is not migrating, or has almost arrived.',
  },
  VM_CANNOT_UPDATE_ILLEGAL_FIELD: {
    status: 409,
    text: 'Cannot {action}. Memory and custom properties of VM {vm} can be changed when it is down.',
  },
  MIGRATION_FAILED: { status: 400, text: 'VM {vm} was not migrated: {reason}' },
  VM_NOT_SETTLED: { status: 400, text: 'The VM is still "{status}" on its host after {seconds} s.' },
  ACTION_TYPE_FAILED_VM_IN_PREVIEW: {
    status: 409,
    text: 'Cannot {action}. VM {vm} previews a snapshot: undo or commit that first.',
  },
  ACTION_TYPE_FAILED_VM_NOT_IN_PREVIEW: { status: 409, text: 'Cannot {action}. VM {vm} previews no snapshot.' },
  ACTION_TYPE_FAILED_VM_SNAPSHOT_TYPE_NOT_ALLOWED: {
    status: 409,
    text: 'Cannot {action}. This is not possible for a snapshot of the type {type}.',
  },
  VMT_CANNOT_REMOVE_BLANK_TEMPLATE: { status: 409, text: 'Cannot {action}. The Blank template stays as it is.' },
  VMT_CANNOT_REMOVE_DETECTED_DERIVED_VM: {
    status: 409,
    text: 'Cannot remove Template. These VMs were made from it: {vms}.',
  },
  VDS_MAINTENANCE_NOT_POSSIBLE: { status: 400, text: 'The host cannot be put into maintenance. {vms}' },
  VDS_CANNOT_MAINTENANCE_VDS_IS_IN_MAINTENANCE: {
    status: 409,
    text: 'Cannot {action}. Host {host} is in maintenance, or on its way there.',
  },
  VDS_CANNOT_MAINTENANCE_VDS_IS_NOT_RESPONDING_WITH_VMS: {
    status: 409,
    text: 'Cannot {action}. Host {host} is {status} and has VMs: their fate must be known first.',
  },
  VDS_CANNOT_MAINTENANCE_IT_INCLUDES_NON_MIGRATABLE_VM: {
    status: 409,
    text: 'Cannot {action}. These VMs of host {host} cannot be migrated now: {vms}.',
  },
  VDS_CANNOT_REMOVE_VDS_STATUS_ILLEGAL: {
    status: 409,
    text: 'Cannot {action}. Host is operational. Please switch Host to Maintenance mode first.',
  },
  VDS_CANNOT_REMOVE_VDS_DETECTED_RUNNING_VM: {
    status: 409,
    text: 'Cannot {action}. One or more VMs are still running on this Host: {vms}.',
  },
  VDS_ALREADY_UP: { status: 409, text: 'Cannot {action}. Host {host} is active already.' },
  VDS_NOT_MATCH_VALID_STATUS: { status: 409, text: 'Cannot {action}. Host {host} is {status}.' },
  VDS_STATUS_NOT_VALID_FOR_UPDATE: {
    status: 409,
    text: 'Cannot {action}. Address, port and cluster of host {host} can be changed when it is in maintenance.',
  },
  NO_AVAILABLE_UPDATES_FOR_HOST: {
    status: 409,
    text: 'Cannot {action}. There are no updates for host {host} that the engine could install.',
  },
  ACTIVATE_DEACTIVATE_NETWORK_NOT_IN_VDS: {
    status: 409,
    text: 'Cannot {action}. The host of the VM does not have the network {network}.',
  },
  PHYSICAL_NETWORK_LINKED_TO_EXTERNAL_NOT_IN_VDS: {
    status: 409,
    text: 'Cannot {action}. The host of the VM does not have the network {physical}, which {network} is linked to.',
  },
  HOST_FAILURE: { status: 400, text: 'Host {host} failed: {reason}' },
  ACTION_TYPE_FAILED_CANNOT_REMOVE_ACTIVE_DEVICE: {
    status: 409,
    text: 'Cannot {action}. The vNIC is plugged into a running VM: unplug it first.',
  },
  NETWORK_CANNOT_ADD_INTERFACE_WHEN_VM_STATUS_NOT_UP_DOWN_LOCKED: {
    status: 409,
    text: 'Cannot {action}. VM {vm} is {status}: it must be up or down.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_REWIRED: {
    status: 400,
    text: 'Cannot {action}. External network cannot be changed while plugged into a running virtual machine. Stop the VM or unplug the vNIC before editing.',
  },
  CANNOT_PERFORM_HOT_UPDATE: {
    status: 409,
    text: 'Cannot {action}. Type and MAC address cannot be changed while the vNIC is plugged into a running VM: unplug it first.',
  },
  ACTION_TYPE_FAILED_VM_INTERFACE_TYPE_IS_NOT_SUPPORTED_BY_OS: {
    status: 400,
    text: 'Cannot {action}. vNICs of the type {model} are not offered.',
  },
  PLUGGED_UNLINKED_VM_INTERFACE_WITH_EXTERNAL_NETWORK_IS_NOT_SUPPORTED: {
    status: 400,
    text: 'Cannot {action}. A vNIC on an external network cannot be plugged while its link is down.',
  },
  NETWORK_MAC_ADDRESS_IN_USE: {
    status: 409,
    text: 'Cannot {action}. The MAC address {mac} is in use by another vNIC.',
  },
} as const satisfies FaultTexts
