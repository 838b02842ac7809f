// Every error of the Networking API: Neutron's type, HTTP status and text. The type is what clients match on.
import { type DetailsOf, fillIn } from './message-text.ts'

export const networkingErrors = {
  // The request itself
  HTTPBadRequest: { status: 400, text: '{reason}' },
  InvalidInput: { status: 400, text: 'Invalid input for operation: {reason}.' },
  BadRequest: { status: 400, text: 'Bad {resource} request: {reason}.' },
  HTTPNotFound: { status: 404, text: 'The resource could not be found.' },
  PolicyNotAuthorized: { status: 403, text: 'rule:{rule} is disallowed by policy' },
  ExtensionNotFound: { status: 404, text: 'Extension with alias {alias} does not exist' },
  HTTPMethodNotAllowed: { status: 405, text: 'The method {method} is not allowed for {path}. Allowed: {allowed}.' },
  HTTPRequestTimeout: { status: 408, text: 'The request did not arrive completely within the time allowed.' },
  RevisionNumberConstraintFailed: { status: 412, text: 'Constrained to {expected}, but current revision is {current}' },
  HTTPRequestEntityTooLarge: { status: 413, text: 'The request body is larger than {limitBytes} bytes.' },
  HTTPRequestURITooLong: { status: 414, text: 'The request line or a header is too long.' },
  HTTPInternalServerError: {
    status: 500,
    text: 'Request Failed: internal server error while processing your request.',
  },
  HTTPNotImplemented: { status: 501, text: '{what} is not supported by this provider.' },
  ServiceUnavailable: { status: 503, text: '{reason}' },

  // Tags
  TagNotFound: { status: 404, text: 'Tag {tag} could not be found.' },

  // Quotas
  OverQuota: { status: 409, text: "Quota exceeded for resources: ['{resource}']." },
  TenantQuotaNotFound: { status: 404, text: 'Quota for tenant {project} could not be found.' },

  // Networks
  NetworkNotFound: { status: 404, text: 'Network {id} could not be found.' },
  NetworkInUse: {
    status: 409,
    text: 'Unable to complete operation on network {id}. There are one or more ports still in use on the network.',
  },
  NoNetworkAvailable: {
    status: 503,
    text: 'Unable to create the network. No available network found in maximum allowed attempts.',
  },
  TunnelIdInUse: {
    status: 409,
    text: 'Unable to create the network. The tunnel ID {segmentationId} is in use.',
  },
  FlatNetworkInUse: {
    status: 409,
    text: 'Unable to create the flat network. Physical network {physical} is in use.',
  },
  VlanIdInUse: {
    status: 409,
    text: 'Unable to create the network. The VLAN {tag} on physical network {physical} is in use.',
  },
  ExternalNetworkInUse: {
    status: 409,
    text: 'External network {id} cannot be updated to be made non-external, since it has existing gateway ports.',
  },

  // Subnets and addresses
  SubnetNotFound: { status: 404, text: 'Subnet {id} could not be found.' },
  SubnetInUse: { status: 409, text: 'Unable to complete operation on subnet {id}: {reason}.' },
  InvalidAllocationPool: { status: 400, text: 'The allocation pool {pool} is not valid.' },
  OutOfBoundsAllocationPool: { status: 400, text: 'The allocation pool {pool} spans beyond the subnet cidr {cidr}.' },
  OverlappingAllocationPools: {
    status: 409,
    text: 'Found overlapping allocation pools: {first} {second} for subnet {cidr}.',
  },
  GatewayConflictWithAllocationPools: {
    status: 409,
    text: 'Gateway ip {gateway} conflicts with allocation pool {pool}.',
  },
  GatewayIpInUse: {
    status: 409,
    text: 'Current gateway ip {address} already in use by port {portId}. Unable to update.',
  },
  InvalidIpForSubnet: { status: 400, text: 'IP address {address} is not a valid IP for the specified subnet.' },
  InvalidIpForNetwork: {
    status: 400,
    text: 'IP address {address} is not a valid IP for any of the subnets on the specified network.',
  },
  IpAddressAlreadyAllocated: { status: 409, text: 'IP address {address} already allocated in subnet {subnetId}' },
  IpAddressGenerationFailure: { status: 409, text: 'No more IP addresses available on network {networkId}.' },
  AllocationOnAutoAddressSubnet: {
    status: 400,
    text: 'IPv6 address {address} can not be directly assigned to a port on subnet {subnetId} as the subnet is configured for automatic addresses',
  },

  // Ports
  PortNotFound: { status: 404, text: 'Port {id} could not be found.' },
  PortBindingNotFound: { status: 404, text: 'Binding for port {id} for host {host} could not be found.' },
  PortBindingAlreadyExists: { status: 409, text: 'Binding for port {id} on host {host} already exists.' },
  PortBindingAlreadyActive: { status: 409, text: 'Binding for port {id} on host {host} is already active.' },
  PortBindingError: { status: 409, text: 'Binding for port {id} on host {host} could not be created or updated.' },
  MacAddressInUse: {
    status: 409,
    text: 'Unable to complete operation for network {networkId}. The mac address {mac} is in use.',
  },
  AllowedAddressPairsMissingIP: { status: 400, text: 'AllowedAddressPair must contain ip_address' },
  AllowedAddressPairExhausted: {
    status: 400,
    text: 'The number of allowed address pair exceeds the maximum {quota}.',
  },
  DuplicateAddressPairInRequest: {
    status: 400,
    text: 'Request contains duplicate address pair: mac_address {mac} ip_address {address}.',
  },
  AddressPairAndPortSecurityRequired: {
    status: 409,
    text: 'Port Security must be enabled in order to have allowed address pairs on a port.',
  },
  PortSecurityAndIPRequiredForSecurityGroups: {
    status: 400,
    text: 'Port security must be enabled and port must have an IP address in order to use security groups.',
  },
  PortSecurityPortHasSecurityGroup: {
    status: 409,
    text: 'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
  },

  PortInUse: {
    status: 409,
    text: 'Unable to complete operation on port {id} for network {networkId}. Port already has an attached device {deviceId}.',
  },
  ServicePortInUse: { status: 409, text: 'Port {id} cannot be deleted directly via the port API: {reason}.' },

  // Routers
  RouterNotFound: { status: 404, text: 'Router {id} could not be found' },
  RouterInUse: { status: 409, text: 'Router {id} {reason}' },
  RouterInterfaceNotFound: { status: 404, text: 'Router {id} does not have an interface with id {portId}' },
  RouterInterfaceNotFoundForSubnet: { status: 404, text: 'Router {id} has no interface on subnet {subnetId}' },
  RouterInterfaceInUseByFloatingIP: {
    status: 409,
    text: 'Router interface for subnet {subnetId} on router {id} cannot be deleted, as it is required by one or more floating IPs.',
  },
  RouterInterfaceInUseByRoute: {
    status: 409,
    text: 'Router interface for subnet {subnetId} on router {id} cannot be deleted, as it is required by one or more routes.',
  },
  RouterExternalGatewayInUseByFloatingIp: {
    status: 409,
    text: 'Gateway cannot be updated for router {id}, since a gateway to external network {networkId} is required by one or more floating IPs.',
  },
  SubnetMismatchForPort: {
    status: 400,
    text: 'Subnet on port {portId} does not match the requested subnet {subnetId}.',
  },
  InvalidRoutes: { status: 400, text: 'Invalid format for routes: {routes}, {reason}' },
  RoutesExhausted: {
    status: 400,
    text: 'Unable to complete operation for {id}. The number of routes exceeds the maximum {quota}.',
  },

  // Floating IPs
  FloatingIPNotFound: { status: 404, text: 'Floating IP {id} could not be found' },
  FloatingIPPortAlreadyAssociated: {
    status: 409,
    text: 'Cannot associate floating IP {address} ({id}) with port {portId} using fixed IP {fixedIp}, as that fixed IP already has a floating IP on external network {networkId}.',
  },
  ExternalGatewayForFloatingIPNotFound: {
    status: 404,
    text: 'External network {networkId} is not reachable from subnet {subnetId}. Therefore, cannot associate Port {portId} with a Floating IP.',
  },
  ExternalIpAddressExhausted: {
    status: 400,
    text: 'Unable to find any IP address on external network {networkId}.',
  },

  // Security groups
  SecurityGroupNotFound: { status: 404, text: 'Security group {id} does not exist' },
  SecurityGroupDefaultAlreadyExists: { status: 409, text: 'Default security group already exists.' },
  SecurityGroupCannotRemoveDefault: {
    status: 409,
    text: 'Insufficient rights for removing default security group.',
  },
  SecurityGroupCannotUpdateDefault: { status: 409, text: 'Updating default security group not allowed.' },
  SecurityGroupInUse: { status: 409, text: 'Security Group {id} in use.' },
  SecurityGroupRuleNotFound: { status: 404, text: 'Security group rule {id} does not exist' },
  SecurityGroupRuleExists: { status: 409, text: 'Security group rule already exists. Rule id is {id}.' },
  SecurityGroupRuleInvalidEtherType: {
    status: 400,
    text: "Security group rule for ethertype '{ethertype}' not supported. Allowed values are ['IPv4', 'IPv6'].",
  },
  SecurityGroupRuleInvalidProtocol: {
    status: 400,
    text: 'Security group rule protocol {protocol} not supported. Only protocol names and integers from 0 to 255 are.',
  },
  SecurityGroupInvalidPortRange: {
    status: 400,
    text: 'For TCP/UDP protocols, port_range_min must be <= port_range_max',
  },
  SecurityGroupProtocolRequiredWithPorts: {
    status: 400,
    text: 'Must also specify protocol if port range is given.',
  },
  SecurityGroupMultipleRemoteEntites: {
    status: 400,
    text: 'Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.',
  },
  SecurityGroupRuleParameterConflict: { status: 400, text: 'Conflicting value ethertype {ethertype} for CIDR {cidr}' },
  SecurityGroupEthertypeConflictWithProtocol: {
    status: 400,
    text: 'Invalid ethertype {ethertype} for protocol {protocol}.',
  },
  SecurityGroupMissingIcmpType: {
    status: 400,
    text: 'ICMP code (port-range-max) {value} is provided but ICMP type (port-range-min) is missing.',
  },
  SecurityGroupInvalidIcmpValue: {
    status: 400,
    text: 'Invalid value for ICMP {field} ({attr}) {value}. It must be 0 to 255.',
  },
} as const

type Registry = typeof networkingErrors
export type NetworkingErrorType = keyof Registry

/** What the text of a type needs filled in. */
type Details<Type extends NetworkingErrorType> = DetailsOf<Registry[Type]['text']>

/** A failure that the caller is meant to see, as `{"NeutronError": {"type", "message", "detail"}}`. */
export class NetworkingError<Type extends NetworkingErrorType = NetworkingErrorType> extends Error {
  override readonly name = 'NetworkingError'
  readonly type: Type
  readonly status: number

  constructor(type: Type, ...details: Details<Type>) {
    super(fillIn(networkingErrors[type].text, details[0]))
    this.type = type
    this.status = networkingErrors[type].status
  }

  /** The answer's body, in Neutron's shape. */
  body(): { NeutronError: { type: string; message: string; detail: string } } {
    return { NeutronError: { type: this.type, message: this.message, detail: '' } }
  }
}

/** The two that most rules end in. */
export const invalidInput = (reason: string) => new NetworkingError('InvalidInput', { reason })
export const badRequest = (reason: string) => new NetworkingError('HTTPBadRequest', { reason })
