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
  ACTION_TYPE_FAILED_NETWORK_IN_ONE_USE: {
    status: 409,
    text: 'Cannot {action}. This logical network is used by {kind}: {names}\n - Please remove it from this {kind} and try again.',
  },
  ACTION_TYPE_FAILED_NETWORK_IN_MANY_USES: {
    status: 409,
    text: 'Cannot {action}. This logical network is used by {kind}: ({count}): {names}\n - Please detach {kind} using this logical network and try again.',
  },
  ACTION_TYPE_FAILED_CANNOT_REMOVE_PHYSICAL_NETWORK_LINKED_TO_EXTERNAL_NETWORK: {
    status: 409,
    text: 'Cannot {action}. Cannot remove physical network linked to external networks: {networks}.',
  },
  NETWORK_CANNOT_REMOVE_MANAGEMENT_NETWORK: {
    status: 400,
    text: "The Management Network ('{name}') is mandatory and cannot be removed.",
  },
  ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_UNSET: {
    status: 400,
    text: 'Cannot {action}. Unsetting management network property is not allowed. It is done automatically when moving the role to another network.',
  },
  ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_REQUIRED: {
    status: 400,
    text: "Cannot {action}. The management network '{name}' must be required, please change the network to be required and try again.",
  },
  ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_CANNOT_BE_EXTERNAL: {
    status: 400,
    text: 'Cannot {action}. Management network has to be not external one.',
  },
  ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_CANNOT_BE_CHANGED: {
    status: 400,
    text: 'Cannot {action}. Changing management network in a non-empty cluster is not allowed.',
  },
  ACTION_TYPE_FAILED_DEFAULT_ROUTE_NETWORK_CANNOT_BE_EXTERNAL: {
    status: 400,
    text: 'Cannot {action}. Default route network cannot be external one.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_DISPLAY: {
    status: 400,
    text: 'Cannot {action}. External network cannot be used as a display network.',
  },
  ACTION_TYPE_FAILED_PORT_ISOLATION_INCOMPATIBLE_SWITCH_TYPE: {
    status: 400,
    text: 'Cannot {action}. Port isolation requires Cluster Switch Type Linux Bridge.',
  },
  ACTION_TYPE_FAILED_ONLY_EXTERNAL_NETWORK_IS_SUPPORTED_IN_OVS_SWITCH_TYPE: {
    status: 400,
    text: 'Cannot {action}. Only an external network may be attached to VM in a cluster with OVS switch type.',
  },
  NETWORK_LABEL_FORMAT_INVALID: {
    status: 400,
    text: 'Network label must be formed only from: English letters, numbers, hyphen or underscore.',
  },
  ACTION_TYPE_FAILED_NETWORK_ALREADY_LABELED: {
    status: 400,
    text: 'Cannot {action}. The specified network is already labeled.',
  },
  ACTION_TYPE_FAILED_NOT_SUPPORTED_FOR_EXTERNAL_NETWORK: {
    status: 400,
    text: 'Cannot {action}. This operation is not supported for external networks.',
  },
  ACTION_TYPE_FAILED_VNIC_PROFILE_NOT_EXISTS: {
    status: 400,
    text: "Cannot {action}. VM network interface profile doesn't exist.",
  },
  ACTION_TYPE_FAILED_VNIC_PROFILE_IN_ONE_USE: {
    status: 409,
    text: 'Cannot {action}. This VM network interface profile is used by {kind}: {names}.\n - Please remove it from this {kind} and try again.',
  },
  ACTION_TYPE_FAILED_VNIC_PROFILE_IN_MANY_USES: {
    status: 409,
    text: 'Cannot {action}. This VM network interface profile is used by {kind} ({count}): {names}\n - Please detach {kind} using this profile and try again.',
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
  ACTION_TYPE_FAILED_VNIC_PROFILE_NAME_IN_USE: {
    status: 409,
    text: "Cannot {action}. The VM network interface profile's name is already used by an existing profile for the same network.\n-Please choose a different name.",
  },
  ACTION_TYPE_FAILED_CANNOT_ADD_VNIC_PROFILE_TO_NON_VM_NETWORK: {
    status: 400,
    text: 'Cannot {action}. VM network interface profiles cannot be added to a non-VM network. Please make sure the network is a VM network.',
  },
  ACTION_TYPE_FAILED_CANNOT_CHANGE_VNIC_PROFILE_NETWORK: {
    status: 400,
    text: "Cannot {action}. VM network interface profile's network cannot be changed.",
  },
  ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_PORT_MIRRORED: {
    status: 400,
    text: 'Cannot {action}. External network cannot be used when port mirroring is set.',
  },
  ACTION_TYPE_FAILED_INVALID_CUSTOM_PROPERTIES_DUPLICATE_KEYS: {
    status: 400,
    text: 'Cannot {action} if some of the specified custom properties appear more than once. The keys are: {names}',
  },
  ACTION_TYPE_FAILED_INVALID_CUSTOM_PROPERTIES_INVALID_VALUES: {
    status: 400,
    text: 'Cannot {action} if some of the specified custom properties have illegal values. The keys are: {names}',
  },
  ACTION_TYPE_FAILED_PASSTHROUGH_PROFILE_CONTAINS_NOT_SUPPORTED_PROPERTIES: {
    status: 400,
    text: "Cannot {action}. 'Port Mirroring,'Qos' and 'Network Filter' are not supported on passthrough profiles.",
  },
  ACTION_TYPE_FAILED_PASSTHROUGH_PROFILE_NOT_SUPPORTS_PORT_ISOLATION: {
    status: 400,
    text: 'Cannot {action}. Networks with Port Isolation enabled are not supported on passthrough profiles.',
  },
  ACTION_TYPE_FAILED_INVALID_VNIC_PROFILE_NETWORK_FILTER_ID: {
    status: 400,
    text: "Cannot {action}. vNIC profile '{name}' has an invalid network filter id '{id}'.",
  },
  ACTION_TYPE_FAILED_FAILOVER_VNIC_PROFILE_ID_CANNOT_POINT_TO_SELF: {
    status: 400,
    text: 'Cannot {action}. Failover vNIC profile cannot point to itself.',
  },
  ACTION_TYPE_FAILED_FAILOVER_VNIC_PROFILE_ID_IS_NOT_VALID: {
    status: 400,
    text: 'Cannot {action}. Failover must be valid non-passthrough vNIC profile.',
  },
  ACTION_TYPE_FAILED_FAILOVER_VNIC_PROFILE_NOT_SUPPORTED_WITH_EXTERNAL_NETWORK: {
    status: 400,
    text: 'Cannot {action}. Failover vNIC profile based on external network is not supported.',
  },
  ACTION_TYPE_FAILED_FAILOVER_IS_SUPPORTED_ONLY_FOR_MIGRATABLE_PASSTROUGH: {
    status: 400,
    text: 'Cannot {action}. Failover vNIC profile is supported only for migratable passthrough vNIC profiles.',
  },
  ACTION_TYPE_FAILED_UPDATE_OF_FAILOVER_PROFILE_IS_NOT_SUPPORTED: {
    status: 400,
    text: 'Cannot {action}. Profile is selected as failover for: {names}.',
  },
  ACTION_TYPE_FAILED_VM_INTERFACE_TYPE_NOT_MATCH_PROFILE: {
    status: 400,
    text: "Cannot {action}. The network interface type doesn't match the profile. Virtual machine interface of type 'PCI Passthrough' should have 'Passthrough' profile and vice versa.",
  },
} as const satisfies FaultTexts
