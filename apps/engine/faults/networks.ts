// Networks, where they are attached, and their vNIC profiles.
import type { FaultTexts } from './fault-texts.ts'

export const networkFaults = {
  ACTION_TYPE_FAILED_NETWORK_NAME_IN_USE: {
    status: 409,
    text: "Cannot {action}. The name of the logical network '{name}' is already used by an existing logical network in the same data-center.\n-Please choose a different name.",
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_ALREADY_EXISTS: {
    status: 409,
    text: "Cannot add Network. The external network already exists as '{name}' in the data center.",
  },
  NETWORK_CANNOT_CONTAIN_BOND_NAME: { status: 400, text: "Bad network name, network cannot start with 'bond'" },
  NETWORK_NAME_USED_AS_VDSM_NETWORK_NAME: {
    status: 400,
    text: 'Bad network name ({name}). The name is already used as an on-host identifier of the network: {other}',
  },
  NETWORK_VLAN_OUT_OF_RANGE: { status: 400, text: 'VLAN ID must be a number between 0 and 4094.' },
  MTU_VALUE_INVALID: { status: 400, text: 'The MTU must be 0 (the default) or a number of at least 68.' },
  NON_VM_NETWORK_CANNOT_SUPPORT_STP: {
    status: 400,
    text: 'Cannot {action}. STP can only be enabled on VM Networks.',
  },
  NON_VM_NETWORK_CANNOT_SUPPORT_PORT_ISOLATION: {
    status: 400,
    text: 'Cannot {action}. Port isolation can only be enabled on VM Networks.',
  },
  EXTERNAL_NETWORK_CANNOT_SUPPORT_PORT_ISOLATION: {
    status: 409,
    text: 'Cannot add Network. Port isolation cannot be enabled on External Networks.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_MUST_BE_VM_NETWORK: {
    status: 400,
    text: 'Cannot {action}. An external network cannot be a non-VM network.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_WITH_VLAN_MUST_BE_CUSTOM: {
    status: 400,
    text: 'Cannot {action}. External network with vlan must be marked as custom.',
  },
  ACTION_TYPE_FAILED_LABEL_AND_VLAN_CANNOT_BE_SET_WITH_PROVIDER_PHYSICAL_NETWORK: {
    status: 400,
    text: 'Cannot {action}. Label and VLAN must be set by an external network.',
  },
  ACTION_TYPE_FAILED_PROVIDER_PHYSICAL_NETWORK_DOES_NOT_EXIST_ON_DC: {
    status: 400,
    text: 'Cannot {action}. Selected network does not exist on Datacenter.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_DETAILS_CANNOT_BE_EDITED: {
    status: 400,
    text: 'Cannot {action}. External network details (except name, description and MTU) cannot be changed.',
  },
  ACTION_TYPE_FAILED_DATA_CENTER_ID_CANNOT_BE_CHANGED: {
    status: 400,
    text: 'Cannot {action}. Change of Data Center ID is not allowed.',
  },
  ACTION_TYPE_FAILED_NETWORK_PORT_ISOLATION_CANNOT_BE_CHANGED: {
    status: 400,
    text: 'Cannot {action}. Port isolation option cannot be updated after Network is defined.',
  },
  NETWORK_ALREADY_ATTACHED_TO_CLUSTER: {
    status: 409,
    text: 'Cannot {action}. The network {name} is attached to the cluster already.',
  },
  ACTION_TYPE_FAILED_NETWORK_FROM_DIFFERENT_DC: {
    status: 400,
    text: 'Cannot {action}. The network {name} belongs to another data center.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_REQUIRED: {
    status: 400,
    text: 'Cannot {action}. External network cannot be set as required in the cluster.',
  },
  NETWORK_NOT_EXISTS_IN_CURRENT_CLUSTER: {
    status: 409,
    text: "Cannot {action}. The network {name} is not attached to the VM's cluster.",
  },
  RESERVED_PROPERTY: {
    status: 400,
    text: 'Cannot {action}. The custom property name "{name}" is reserved, or is not a valid XML name.',
  },
} as const satisfies FaultTexts
