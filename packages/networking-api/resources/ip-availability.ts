// How many addresses a network has and how many of them are taken. A view on networks, subnets and ports.

import { readOnly, type Values } from '../resource.ts'
import { integer, type Kind, listOf, oneOf, shape, text, uuid } from './kinds.ts'

const count = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

export interface SubnetIpAvailability {
  readonly subnet_id: string
  readonly subnet_name: string
  readonly cidr: string
  readonly ip_version: 4 | 6
  /** Addresses that can be given out. Beyond 2^53, as in an IPv6 /64, the nearest number that JSON readers share. */
  readonly total_ips: number
  readonly used_ips: number
}

const ofSubnet: Kind<SubnetIpAvailability> = shape<SubnetIpAvailability>(
  { subnet_id: uuid, subnet_name: text(), cidr: text(), ip_version: oneOf([4, 6]), total_ips: count, used_ips: count },
  [],
  (shown) => shown,
)

const attributes = {
  network_id: readOnly(uuid),
  network_name: readOnly(text()),
  tenant_id: readOnly(text()),
  project_id: readOnly(text()),
  subnet_ip_availability: readOnly(listOf(ofSubnet)),
  total_ips: readOnly(count),
  used_ips: readOnly(count),
} as const

export const ipAvailabilityType = {
  singular: 'network_ip_availability',
  plural: 'network_ip_availabilities',
  attributes,
} as const

export type IpAvailability = Values<typeof attributes>
