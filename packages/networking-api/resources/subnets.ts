// The subnet resource: a block of addresses on a network, and what DHCP tells the ports in it.

import { atCreation, type Change, type Draft, readOnly, required, type Values, writable } from '../resource.ts'
import {
  bool,
  cidr,
  integer,
  invalid,
  ipAddress,
  type Kind,
  listOf,
  nullable,
  oneOf,
  shape,
  show,
  text,
  uuid,
} from './kinds.ts'
import { tags } from './tags.ts'

export interface AllocationPool {
  readonly start: string
  readonly end: string
}

export interface HostRoute {
  readonly destination: string
  readonly nexthop: string
}

const notPools = (shown: string) => `Invalid data format for IP pool: '${shown}'`
const allocationPool = shape<AllocationPool>({ start: ipAddress, end: ipAddress }, ['start', 'end'], notPools)

const hostRoute = shape<HostRoute>(
  { destination: cidr, nexthop: ipAddress },
  ['destination', 'nexthop'],
  (shown) => `Invalid data format for hostroute: '${shown}'`,
)

const nameserver: Kind<string> = {
  schema: ipAddress.schema,
  parse(input, attribute) {
    try {
      return ipAddress.parse(input, attribute)
    } catch {
      throw invalid(attribute, `'${show(input)}' is not a valid nameserver`)
    }
  },
}

const attributes = {
  id: readOnly(uuid),
  name: writable(text(), ''),
  description: writable(text(), ''),
  tenant_id: atCreation(text()),
  project_id: atCreation(text()),
  network_id: required(uuid),
  ip_version: required(oneOf([4, 6])),
  cidr: atCreation(cidr),
  /** Left out: the first address of the CIDR. `null`: none. */
  gateway_ip: writable(nullable(ipAddress)),
  /** Left out: every usable address but the gateway. */
  allocation_pools: writable(listOf(allocationPool, { complaint: notPools })),
  enable_dhcp: writable(bool, true),
  dns_nameservers: writable(listOf(nameserver, { maxItems: 5, eachOnce: 'nameserver' }), []),
  host_routes: writable(listOf(hostRoute, { maxItems: 20, eachOnce: 'hostroute' }), []),
  ipv6_ra_mode: atCreation(nullable(oneOf(['slaac', 'dhcpv6-stateful', 'dhcpv6-stateless']))),
  ipv6_address_mode: atCreation(nullable(oneOf(['slaac', 'dhcpv6-stateful', 'dhcpv6-stateless']))),
  tags: { ...readOnly(tags), initial: [] },
  created_at: readOnly(text()),
  updated_at: readOnly(text()),
  revision_number: readOnly(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
} as const

export const subnetType = { singular: 'subnet', plural: 'subnets', attributes } as const

export type SubnetAttributes = typeof attributes
export type Subnet = Values<SubnetAttributes>
export type SubnetDraft = Draft<SubnetAttributes>
export type SubnetChange = Change<SubnetAttributes>
