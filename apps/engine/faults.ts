// Every refusal of the engine: oVirt's message key, HTTP status and text.
import { type DetailsOf, fillIn } from '@patchbay/networking-api/message-text.ts'

export const faults = {
  // Requests
  INCOMPLETE_PARAMETERS: { status: 400, text: '{what} required for {action}' },
  INVALID_VALUE: { status: 400, text: '{reason}' },
  NOT_FOUND: { status: 404, text: '{what} {id} does not exist.' },
  AMBIGUOUS_NAME: { status: 400, text: 'There are several {what}s with the name {name}: say which by its id.' },
  UNAUTHORIZED: {
    status: 401,
    text: 'A token (Bearer) or user name and password (Basic) are required, or they are wrong.',
  },
  UNSUPPORTED: { status: 400, text: '{what} is not supported.' },
  RELATED_OPERATION: {
    status: 409,
    text: 'Cannot {action}. Related operation ({kind}) is currently in progress. Please try again later.',
  },

  // Certificates of hosts
  ENROLMENT_TOKEN_UNKNOWN: { status: 403, text: 'The enrolment token is not known.' },
  ENROLMENT_TOKEN_USED: { status: 403, text: 'The enrolment token was used already.' },
  ENROLMENT_TOKEN_EXPIRED: { status: 403, text: 'The enrolment token has expired.' },
  TOO_MANY_ATTEMPTS: { status: 429, text: 'Too many failed attempts from this address. Please try again in a minute.' },

  // Names
  VALIDATION_NAME_INVALID: {
    status: 400,
    text: 'The name "{name}" is invalid: it must be 1 to {max} of {characters}.',
  },
  ACTION_TYPE_FAILED_NAME_ALREADY_USED: {
    status: 409,
    text: 'Cannot {action}. The name {name} is already used. Please choose a different name.',
  },
  ACTION_TYPE_FAILED_IN_USE: { status: 409, text: 'Cannot {action}. It is used by: {users}.' },

  // Providers
  PROVIDER_FAILURE: { status: 400, text: 'Failed to communicate with the external provider: {reason}' },
  PROVIDER_PASSWORD_UNREADABLE: {
    status: 400,
    text: 'The stored password of provider {name} was encrypted with another key than that of secret.key: set it again.',
  },
  ACTION_TYPE_FAILED_PROVIDER_INVALID_AUTH_URL: {
    status: 400,
    text: 'Cannot {action}. The authentication URL {url} is invalid: it must look like http://host:35357/v2.0 or http://host:5000/v3.',
  },
  ACTION_TYPE_FAILED_PROVIDER_NO_USER: {
    status: 400,
    text: 'Cannot {action}. The user name for authentication is missing.',
  },
  ACTION_TYPE_FAILED_PROVIDER_NO_PASSWORD: {
    status: 400,
    text: 'Cannot {action}. The password for authentication is missing.',
  },
  ACTION_TYPE_FAILED_PROVIDER_NO_AUTH_URL: { status: 400, text: 'Cannot {action}. The authentication URL is missing.' },
  ACTION_TYPE_FAILED_PROVIDER_NO_TENANT_OR_USER_DOMAIN: {
    status: 400,
    text: 'Cannot {action}. Either the tenant name or the user domain name is missing.',
  },
  ACTION_TYPE_FAILED_PROVIDER_PASSWORD_TOO_LONG: {
    status: 400,
    text: 'Cannot {action}. The password is longer than 200 characters.',
  },
  ACTION_TYPE_FAILED_PROVIDER_NO_PLUGIN_TYPE: {
    status: 400,
    text: 'Cannot {action}. The networking plugin is missing.',
  },
  ACTION_TYPE_FAILED_CANNOT_CHANGE_PROVIDER_TYPE: {
    status: 400,
    text: 'Cannot {action}. The type of a provider cannot be changed.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_PROVIDER_IS_READ_ONLY: {
    status: 400,
    text: 'Cannot {action}. External network provider {name} is read only.',
  },
  ACTION_TYPE_FAILED_PROVIDER_NETWORKS_USED: {
    status: 409,
    text: 'Cannot {action}. External network is used by virtual machines and/or templates:\n{users}\n - Please resolve the external networks usage first and try again.',
  },

  // Networks
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

  // Subnets
  BAD_CIDR_FORMAT: {
    status: 400,
    text: 'Cannot add Subnet. {cidr} is not a network in CIDR form, such as 10.0.0.0/24.',
  },
  CIDR_NOT_NETWORK_ADDRESS: {
    status: 400,
    text: 'Cannot add Subnet. {cidr} is not the address of a network: bits behind the prefix are set.',
  },

  // VMs and NICs
  ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL: { status: 409, text: 'Cannot {action}. VM {vm} is {status}.' },
  ACTION_TYPE_FAILED_VDS_VM_CLUSTER: {
    status: 409,
    text: 'Cannot {action}. There is no host that can run the VM: {reasons}',
  },
  VM_START_FAILED: { status: 400, text: 'VM {vm} did not start: {reason}' },
  MIGRATION_FAILED: { status: 400, text: 'VM {vm} was not migrated: {reason}' },
  VM_NOT_SETTLED: { status: 400, text: 'The VM is still "{status}" on its host after {seconds} s.' },
  HOST_FAILURE: { status: 400, text: 'Host {host} failed: {reason}' },
  ACTION_TYPE_FAILED_CANNOT_REMOVE_ACTIVE_DEVICE: {
    status: 409,
    text: 'Cannot {action}. The vNIC is plugged into a running VM: unplug it first.',
  },
  PLUGGED_UNLINKED_VM_INTERFACE_WITH_EXTERNAL_NETWORK_IS_NOT_SUPPORTED: {
    status: 400,
    text: 'Cannot {action}. A vNIC on an external network cannot be plugged while its link is down.',
  },
  NETWORK_MAC_ADDRESS_IN_USE: {
    status: 409,
    text: 'Cannot {action}. The MAC address {mac} is in use by another vNIC.',
  },
} as const

type Registry = typeof faults
export type FaultKey = keyof Registry

type Details<Key extends FaultKey> = DetailsOf<Registry[Key]['text']>

/** A refusal, told to the caller as oVirt's fault: a reason and a detail in square brackets. */
export class Fault<Key extends FaultKey = FaultKey> extends Error {
  override readonly name = 'Fault'
  readonly key: Key
  readonly status: number

  constructor(key: Key, ...details: Details<Key>) {
    super(fillIn(faults[key].text, details[0]))
    this.key = key
    this.status = faults[key].status
  }
}
