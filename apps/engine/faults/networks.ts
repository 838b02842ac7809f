// Networks, where they are attached, and their vNIC profiles.
import type { FaultTexts } from './fault-texts.ts'

export const networkFaults = {
  ACTION_TYPE_FAILED_NETWORK_NAME_IN_USE: {
    status: 409,
    text: "Cannot add Network. The name of the logical network '{name}' is already used by an existing logical network in the same data-center.\n-Please choose a different name.",
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_ALREADY_EXISTS: {
    status: 409,
    text: "Cannot add Network. The external network already exists as '{name}' in the data center.",
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
