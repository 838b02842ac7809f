// Network providers, and subnets on them.
import type { FaultTexts } from './fault-texts.ts'

export const providerFaults = {
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
  ACTION_TYPE_FAILED_PROVIDER_USED_IN_CLUSTER: {
    status: 409,
    text: 'Cannot {action}. External network provider is used as default network provider in the following cluster/s:\n{clusters}\n - Please change default network provider first and try again.',
  },
  ACTION_TYPE_FAILED_PROVIDER_DOESNT_EXIST: {
    status: 400,
    text: 'Cannot {action}. The provider does not exist in the system.',
  },
  ACTION_TYPE_FAILED_EXTERNAL_PROVIDER_IS_READ_ONLY: {
    status: 400,
    text: 'Cannot {action}. External network provider {name} is read only.',
  },
  ACTION_TYPE_FAILED_PROVIDER_NETWORKS_USED_ONCE: {
    status: 409,
    text: 'Cannot {action}. External network is used by virtual machines and/or templates:\n{names}\n - Please resolve the external networks usage first and try again.',
  },
  ACTION_TYPE_FAILED_PROVIDER_NETWORKS_USED_MULTIPLE_TIMES: {
    status: 409,
    text: 'Cannot {action}. External networks are used by virtual machines and/or templates:\n{names}\n - Please resolve the external networks usage first and try again.',
  },
  ACTION_TYPE_FAILED_PROVIDER_LOCKED: {
    status: 409,
    text: 'Cannot {action}. Related operation on provider with the id {id} is currently in progress. Please try again later.',
  },
  VALIDATION_PROVIDER_TYPE_NULL: { status: 400, text: 'Provider type is required.' },
  PROVIDER_IMPORT_CERTIFICATE_ERROR: { status: 400, text: 'Failed to import a certificate: {reason}.' },
  BAD_CIDR_FORMAT: {
    status: 400,
    text: 'Cannot add Subnet. {cidr} is not a network in CIDR form, such as 10.0.0.0/24.',
  },
  CIDR_NOT_NETWORK_ADDRESS: {
    status: 400,
    text: 'Cannot add Subnet. {cidr} is not the address of a network: bits behind the prefix are set.',
  },
} as const satisfies FaultTexts
