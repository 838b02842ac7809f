// Networks of hosts: interfaces, bonds, and what is attached to them.
import type { FaultTexts } from './fault-texts.ts'

export const hostNetworkFaults = {
  ACTION_TYPE_FAILED_VDS_STATUS_ILLEGAL: {
    status: 409,
    text: 'Cannot {action}. Operation can be performed only when the status of host {host} is {status}.',
  },
  EXTERNAL_NETWORK_HAVING_NAME_CANNOT_BE_PROVISIONED: {
    status: 400,
    text: "The external network '{name}' cannot be configured on the host's interface.",
  },
  NETWORK_OF_GIVEN_NAME_NOT_EXISTS_IN_CLUSTER: {
    status: 400,
    text: "Logical Network '{name}' does not exist in the host's cluster.",
  },
  NETWORK_HAVING_ID_NOT_EXISTS: { status: 400, text: "Logical Network (id '{id}') doesn't exist." },
  NETWORK_HAVING_NAME_NOT_EXISTS: { status: 400, text: "Logical Network (name '{name}') doesn't exist." },
  NETWORK_ATTACHMENT_NETWORK_ID_OR_NAME_IS_NOT_SET: {
    status: 400,
    text: 'Cannot {action}. A network attachment names no network: give its id or its name.',
  },
  MODIFIED_NETWORK_ATTACHMENT_DOES_NOT_EXISTS: {
    status: 400,
    text: "Cannot {action}. Updated Network Attachment (id '{id}') does not exist.",
  },
  NETWORK_ATTACHMENTS_TO_BE_REMOVED_DOES_NOT_EXISTS: {
    status: 400,
    text: 'Cannot {action}. These Network Attachments do not exist: {ids}.',
  },
  NETWORK_ATTACHMENT_CANNOT_BE_CREATED_WITH_SPECIFIC_ID: {
    status: 400,
    text: "Cannot {action}. A new Network Attachment cannot have a given id ('{id}').",
  },
  NETWORK_ATTACHMENT_IN_BOTH_LISTS: {
    status: 400,
    text: "Cannot {action}. Network Attachment '{id}' cannot be changed and removed at once.",
  },
  CANNOT_CHANGE_ATTACHED_NETWORK: {
    status: 400,
    text: 'Cannot {action}. The network of Network Attachment {id} cannot be another one.',
  },
  ATTACHMENT_IS_NOT_REUSED: {
    status: 400,
    text: 'Cannot {action}. Network {network} is already attached via attachment {attachment}: use that one.',
  },
  ATTACHMENT_REFERENCE_VLAN_DEVICE: {
    status: 400,
    text: "Cannot {action}. The attachment of network '{network}' is on the VLAN device '{nic}'.",
  },
  HOST_NETWORK_INTERFACE_DOES_NOT_HAVE_NAME_SET: {
    status: 400,
    text: 'Cannot {action}. The host network interface is not named.',
  },
  HOST_NETWORK_INTERFACE_HAVING_ID_DOES_NOT_EXIST: {
    status: 400,
    text: 'Cannot {action}. The host network interface (id {id}) does not exist.',
  },
  HOST_NETWORK_INTERFACE_HAVING_ID_OR_NAME_DOES_NOT_EXIST: {
    status: 400,
    text: 'Cannot {action}. The host network interface (id {id}, name {name}) does not exist.',
  },
  NETWORK_ATTACHMENT_IP_CONFIGURATION_MISSING_BOOT_PROTOCOL: {
    status: 400,
    text: 'The boot protocol of network {network} on interface {nic} is missing.',
  },
  NETWORK_ATTACHMENT_IP_CONFIGURATION_STATIC_BOOT_PROTOCOL_MISSING_IP_ADDRESS_DETAILS: {
    status: 400,
    text: 'Network {network} on interface {nic} needs address and netmask when the boot protocol is static.',
  },
  NETWORK_ATTACHMENT_IP_CONFIGURATION_INCOMPATIBLE_BOOT_PROTOCOL_AND_IP_ADDRESS_DETAILS: {
    status: 400,
    text: 'Network {network} on interface {nic} cannot have address, netmask or gateway when the boot protocol is {protocol}.',
  },
  NETWORK_ATTACHMENT_IP_CONFIGURATION_STATIC_BOOT_PROTOCOL_IPV6_GATEWAY_ON_NON_DEFAULT_ROUTE_ROLE: {
    status: 400,
    text: 'An IPv6 gateway can only be set on a network with the default route: {network} is none.',
  },
  IPV4_ADDR_BAD_FORMAT: { status: 400, text: 'Bad format of IP address' },
  NETWORK_ADDR_IN_SUBNET_BAD_FORMAT: { status: 400, text: 'Bad format of subnet mask' },
  IPV4_ADDR_GATEWAY_BAD_FORMAT: { status: 400, text: 'Bad format of IPv4 gateway address' },
  ACTION_TYPE_FAILED_ROLE_NETWORK_HAS_NO_BOOT_PROTOCOL: {
    status: 409,
    text: "Cannot {action}. Role (migration/display/gluster/default-route) network '{network}' has no boot protocol assigned.",
  },
  NETWORKS_ALREADY_ATTACHED_TO_IFACES: {
    status: 409,
    text: 'Cannot {action}. These networks would be attached to more than one interface: {networks}.',
  },
  NETWORK_INTERFACES_NOT_EXCLUSIVELY_USED_BY_UNTAGGED_NETWORK: {
    status: 409,
    text: 'Cannot {action}. At most one network without a VLAN is allowed on an interface; this has several: {nics}.',
  },
  NETWORK_NOT_IN_SYNC: {
    status: 409,
    text: 'Cannot {action}. Network {network} is not on the host what it is here. Please synchronize it before editing it. The non-synchronized values are: {values}.',
  },
  NETWORK_CANNOT_DETACH_NETWORK_USED_BY_VMS: {
    status: 409,
    text: "Cannot {action}. The Logical Network '{network}' is being used by these VMs: {vms}. Please stop the VMs and try again.",
  },
  NETWORK_CANNOT_DETACH_PHYSICAL_NETWORK_LINKED_TO_EXTERNAL_USED_BY_VM: {
    status: 409,
    text: "Cannot {action}. The Physical Network '{network}' is linked to an External Network that is being used by these VMs: {vms}. Please stop the VMs and try again.",
  },
  BOND_DOES_NOT_HAVE_NEITHER_ID_NOR_NAME_SPECIFIED: {
    status: 400,
    text: 'Cannot {action}. There is a bond with neither name nor id.',
  },
  NETWORK_BOND_NAME_BAD_FORMAT: {
    status: 400,
    text: "Bond name '{bond}' must begin with 'bond', followed by letters, digits and '_'; it has at most 15 characters.",
  },
  NETWORK_BONDS_INVALID_SLAVE_COUNT: {
    status: 400,
    text: 'Cannot {action}. These bonds consist of less than two Network Interfaces: {bond}.',
  },
  NETWORK_BOND_RECORDS_DOES_NOT_EXISTS: { status: 400, text: 'These bonds do not exist: {bond}.' },
  NETWORK_INTERFACE_IS_NOT_BOND: { status: 409, text: "Cannot {action}. The network interface '{nic}' is not a bond." },
  NETWORK_INTERFACE_BOND_OR_VLAN_CANNOT_BE_SLAVE: {
    status: 409,
    text: "Cannot {action}. Network Interface '{nic}' cannot be a slave: neither bond nor VLAN can.",
  },
  NETWORK_INTERFACE_ALREADY_IN_BOND: { status: 409, text: "Network Interface '{nic}' already belongs to a bond." },
  NETWORK_INTERFACE_REFERENCED_AS_A_SLAVE_MULTIPLE_TIMES: {
    status: 409,
    text: "Cannot {action}. Network interface '{nic}' is used more than once in bonds of this request.",
  },
  NETWORK_INTERFACE_ATTACHED_TO_NETWORK_CANNOT_BE_SLAVE: {
    status: 409,
    text: "Cannot {action}. Network Interface '{nic}' cannot become a slave: network '{network}' is attached to it.",
  },
  NETWORK_INTERFACE_ADDED_TO_BOND_AND_NETWORK_IS_ATTACHED_TO_IT_AT_THE_SAME_TIME: {
    status: 409,
    text: "Cannot {action}. Network Interface '{nic}' cannot become a slave while network '{network}' is being attached to it.",
  },
  BOND_USED_BY_NETWORK_ATTACHMENTS: {
    status: 409,
    text: 'Cannot remove bond {bond}, because it is used by Network Attachments: {ids}.',
  },
  BONDS_UPDATED_AND_REMOVED_SIMULTANEOUSLY: {
    status: 400,
    text: 'Cannot {action}. Bond {bond} is updated and removed simultaneously.',
  },
  INVALID_BOND_MODE_FOR_BOND_WITH_VM_NETWORK: {
    status: 400,
    text: 'Network {network} is attached to bond {bond}. VM networks cannot be attached to bonds in mode 0, 5 or 6.',
  },
  INTERFACE_ALREADY_LABELED: {
    status: 409,
    text: "Cannot {action}. The interface {nic} already has the label '{label}'.",
  },
  OTHER_INTERFACE_ALREADY_LABELED: {
    status: 409,
    text: "Cannot {action}. The label '{label}' is already defined on other interface {nic} on the host.",
  },
  INTERFACE_ON_NIC_LABEL_NOT_EXIST: {
    status: 400,
    text: "Cannot {action}. Label '{label}' cannot be attached to non-existing/removed '{nic}' network interface.",
  },
  LABEL_ATTACH_TO_IMPROPER_INTERFACE: {
    status: 400,
    text: "Cannot {action}. Network interface '{nic}' cannot be labeled. Label can be provided only to interfaces or to bonds (not to slaves nor vlans).",
  },
  IMPROPER_BOND_IS_LABELED: {
    status: 400,
    text: "Cannot {action}. Bond '{bond}' cannot be labeled: it has less than two slaves.",
  },
  PARAMS_CONTAIN_DUPLICATE_LABELS: {
    status: 400,
    text: "Cannot {action}. Labels '{labels}' appear in the 'labels/removed labels' lists more than once.",
  },
  ACTION_TYPE_FAILED_CANNOT_REMOVE_LABELED_NETWORK_FROM_NIC: {
    status: 409,
    text: 'Cannot {action}. The following networks cannot be removed from the network interface since they are managed by the label: {network}. Please remove the label from the network interface in order to remove the network.',
  },
  ACTION_TYPE_FAILED_CANNOT_MOVE_LABELED_NETWORK_TO_ANOTHER_NIC: {
    status: 409,
    text: "Cannot {action}. Network '{network}' cannot be moved to another network interface since it's managed by label '{label}'. Please remove the label from the network interface in order to remove the network.",
  },
  NETWORK_SHOULD_BE_ATTACHED_VIA_LABEL_TO_ANOTHER_NIC: {
    status: 409,
    text: "Cannot {action}. Cannot attach network '{network}' to network interface '{nic}', it should be attached via label to network interface '{labeled}'.",
  },
  LABEL_NOT_EXIST_IN_HOST: {
    status: 400,
    text: "Cannot {action}. Label '{label}' cannot be removed, since it isn't attached to any network interface.",
  },
} as const satisfies FaultTexts
