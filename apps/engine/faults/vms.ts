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
