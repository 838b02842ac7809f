// The router resource: it connects subnets with each other and, over its gateway, with an external network.

import { badRequest, NetworkingError } from '../errors.ts'
import { atCreation, type Change, type Draft, readOnly, type Values, writable } from '../resource.ts'
import { bool, cidr, integer, ipAddress, isObject, listOf, nullable, oneOf, shape, show, text, uuid } from './kinds.ts'
import { type FixedIp, type FixedIpWish, fixedIp, notFixedIps } from './ports.ts'
import { tags } from './tags.ts'

/** Where a router leads outside, as answers show it. */
export interface GatewayInfo {
  readonly network_id: string
  /** Whether what comes from inside goes out with the gateway's address. */
  readonly enable_snat: boolean
  readonly external_fixed_ips: readonly FixedIp[]
}

/** As requests ask for it. */
export interface GatewayWish {
  readonly network_id: string
  readonly enable_snat?: boolean
  readonly external_fixed_ips?: readonly FixedIpWish[]
}

export interface Route {
  readonly destination: string
  readonly nexthop: string
}

const route = shape<Route>(
  { destination: cidr, nexthop: ipAddress },
  ['destination', 'nexthop'],
  (shown) => `Invalid data format for hostroute: '${shown}'`,
)

const gatewayWish = shape<GatewayWish>(
  { network_id: uuid, enable_snat: bool, external_fixed_ips: listOf(fixedIp, { complaint: notFixedIps }) },
  ['network_id'],
  (shown) => `'${shown}' is no gateway with network_id, enable_snat and external_fixed_ips`,
)

const attributes = {
  id: readOnly(uuid),
  name: writable(text(), ''),
  description: writable(text(), ''),
  tenant_id: atCreation(text()),
  project_id: atCreation(text()),
  admin_state_up: writable(bool, true),
  status: readOnly(oneOf(['ACTIVE'])),
  /** `null`, and `{}` in a request: none. */
  external_gateway_info: writable(noneIfEmpty(nullable(gatewayWish)), null),
  /** Neutron takes them in updates only. */
  routes: { ...writable(listOf(route, { eachOnce: 'hostroute' })), create: 'refused' as const },
  tags: { ...readOnly(tags), initial: [] },
  created_at: readOnly(text()),
  updated_at: readOnly(text()),
  revision_number: readOnly(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
} as const

function noneIfEmpty(kind: ReturnType<typeof nullable<GatewayWish>>): typeof kind {
  const isEmpty = (input: unknown) => isObject(input) && Object.keys(input).length === 0
  return { ...kind, parse: (input, attribute) => kind.parse(isEmpty(input) ? null : input, attribute) }
}

export const routerType = { singular: 'router', plural: 'routers', attributes } as const

export type RouterAttributes = typeof attributes
export type RouterDraft = Draft<RouterAttributes>
export type RouterChange = Change<RouterAttributes>
/** As answers show it. */
export type ShownRouter = Omit<Values<RouterAttributes>, 'external_gateway_info'> & {
  readonly external_gateway_info: GatewayInfo | null
}
/** As it is kept: the gateway's network and addresses are those of its port. */
export type Router = Omit<ShownRouter, 'external_gateway_info'> & {
  readonly gateway_port_id: string | null
  readonly enable_snat: boolean
}

/** Which interface a request means: the one in a subnet, or the one that a port is. */
export interface InterfaceWish {
  readonly subnet_id?: string
  readonly port_id?: string
}

/** Reads `{"subnet_id": …}` or `{"port_id": …}`; for a removal, it may be both. Throws what Neutron answers. */
export function parseInterface(body: unknown, { both }: { readonly both: boolean }): InterfaceWish {
  if (body !== undefined && !isObject(body)) throw badRequest('Body contains invalid data')
  const { subnet_id, port_id } = body ?? {}
  const given = Object.entries({ subnet_id, port_id }).filter(([, value]) => value !== undefined)
  if (given.length === 0) throw refused('Either subnet_id or port_id must be specified')
  for (const [, value] of given) checkUuid(value)
  if (given.length > 1 && !both) throw refused('Cannot specify both subnet-id and port-id')
  return Object.fromEntries(given) as InterfaceWish
}

function checkUuid(value: unknown): void {
  try {
    uuid.parse(value, '')
  } catch {
    throw refused(`'${show(value)}' is not a valid UUID`)
  }
}

/** What the answer to adding or removing an interface says. */
export interface RouterInterface {
  readonly id: string
  readonly tenant_id: string
  readonly project_id: string
  readonly port_id: string
  readonly network_id: string
  readonly subnet_id: string
  readonly subnet_ids: readonly string[]
}

const refused = (reason: string) => new NetworkingError('BadRequest', { resource: 'router', reason })
