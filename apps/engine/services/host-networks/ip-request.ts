// The addresses of an attachment as requests give them: read and checked in the order of the real engine.
import { isIPv4, isIPv6 } from 'node:net'
import type { ValuesOf } from '@patchbay/ovirt-api/element.ts'
import type { networkAttachmentType } from '@patchbay/ovirt-api/types/host-networks.ts'
import { Fault } from '../../faults.ts'
import type { IpAssignment } from '../../store/entities/host-networks.ts'

type Given = NonNullable<ValuesOf<typeof networkAttachmentType.fields>['ip_address_assignments']>[number]

/** Whose addresses they are, for faults. */
export interface AddressedNetwork {
  readonly network: string
  readonly nic: string
  readonly isDefaultRoute: boolean
}

export function ipAssignments(given: readonly Given[], of: AddressedNetwork): IpAssignment[] {
  const read = given.map((each) => ipAssignment(each, of))
  const versions = new Set(read.map(({ version }) => version))
  if (versions.size < read.length)
    throw new Fault('INVALID_VALUE', {
      reason: `Network ${of.network} can have one address assignment of each version.`,
    })
  return read
}

function ipAssignment({ assignment_method: method, ip = {} }: Given, of: AddressedNetwork): IpAssignment {
  const { version = 'v4', address = '', netmask = '', gateway = '' } = ip
  const where = { network: of.network, nic: of.nic }
  if (method === undefined) throw new Fault('NETWORK_ATTACHMENT_IP_CONFIGURATION_MISSING_BOOT_PROTOCOL', where)
  if (version === 'v4' && (method === 'autoconf' || method === 'poly_dhcp_autoconf'))
    throw new Fault('INVALID_VALUE', { reason: `IPv4 has no boot protocol ${method}.` })
  if (method !== 'static') {
    // Who edits an attachment sends back what it was shown.
    if (method === 'none' && [address, netmask, gateway].some((text) => text !== ''))
      throw new Fault('NETWORK_ATTACHMENT_IP_CONFIGURATION_INCOMPATIBLE_BOOT_PROTOCOL_AND_IP_ADDRESS_DETAILS', {
        ...where,
        protocol: method,
      })
    return { version, method, address: '', netmask: '', gateway: '' }
  }
  if (address === '' || netmask === '')
    throw new Fault('NETWORK_ATTACHMENT_IP_CONFIGURATION_STATIC_BOOT_PROTOCOL_MISSING_IP_ADDRESS_DETAILS', where)
  if (version === 'v4') checkIpv4({ address, netmask, gateway })
  else checkIpv6({ address, netmask, gateway }, of)
  return { version, method, address, netmask, gateway }
}

type Addresses = Pick<IpAssignment, 'address' | 'netmask' | 'gateway'>

function checkIpv4({ address, netmask, gateway }: Addresses): void {
  if (!isIPv4(address)) throw new Fault('IPV4_ADDR_BAD_FORMAT')
  if (!isNetmask(netmask)) throw new Fault('NETWORK_ADDR_IN_SUBNET_BAD_FORMAT')
  if (gateway !== '' && !isIPv4(gateway)) throw new Fault('IPV4_ADDR_GATEWAY_BAD_FORMAT')
}

function checkIpv6({ address, netmask, gateway }: Addresses, { network, isDefaultRoute }: AddressedNetwork): void {
  const isLength = /^\d{1,3}$/.test(netmask) && Number(netmask) <= 128
  if (!isIPv6(address) || !isLength || (gateway !== '' && !isIPv6(gateway)))
    throw new Fault('INVALID_VALUE', {
      reason: `${address}/${netmask} with the gateway "${gateway}" is no IPv6 address with a prefix length.`,
    })
  if (gateway !== '' && !isDefaultRoute)
    throw new Fault('NETWORK_ATTACHMENT_IP_CONFIGURATION_STATIC_BOOT_PROTOCOL_IPV6_GATEWAY_ON_NON_DEFAULT_ROUTE_ROLE', {
      network,
    })
}

/** 255.255.255.0: ones, and then zeros. */
function isNetmask(text: string): boolean {
  if (!isIPv4(text)) return false
  const bits = text
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('')
  return /^1*0*$/.test(bits)
}
