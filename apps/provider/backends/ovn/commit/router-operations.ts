// What changes did to routers, as operations: a router's rows are brought from what they are to what follows from the
// resources. Rows that others made stay, but for routes, which the API shows and takes away.
import { createHash, randomUUID } from 'node:crypto'
import { type Port, portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import type { State } from '../../backend.ts'
import { portsOf } from '../../facts/router-ports.ts'
import { isServicePort } from '../../facts/service-ports.ts'
import { type Northbound, nb, type RouterPortRow, type RouterRow } from '../northbound.ts'
import { type Image, insertion, modification } from '../rows/image.ts'
import {
  gatewayRoutes,
  type NatColumns,
  type RouteColumns,
  routerPortImage,
  translations,
} from '../rows/router-parts.ts'
import { deleteRouter, guardRouter, insertRouter, routeKey, routeRowsOf, updateRouter } from '../rows/router-rows.ts'
import { routerPortName } from '../rows/service-port-rows.ts'
import type { Effects } from './effects.ts'
import { stateAfter } from './state-after.ts'

/** Of a translation: that it is ours. */
const natKey = 'patchbay_nat'

export interface RouterOperations {
  readonly guards: Operation[]
  readonly changes: Operation[]
}

const none: RouterOperations = { guards: [], changes: [] }

/** `state`: as the effects found it. */
export function routerOperations(effects: Effects, state: State, northbound: Northbound): RouterOperations {
  const ids = affectedRouters(effects, state)
  if (ids.length === 0) return none
  const after = stateAfter(effects, state)
  const guards = ids.flatMap((id) => {
    const row = northbound.routers.get(id)
    return row ? guardRouter(row, after.routers.get(id) !== undefined) : []
  })
  return { guards, changes: ids.flatMap((id) => operationsOn(id, state, after, northbound)) }
}

function affectedRouters({ routers, ports, floatingIps, subnets, networks }: Effects, state: State): string[] {
  const ids = new Set(routers.keys())
  for (const { before, after } of ports.values())
    for (const port of [before, after]) if (port && isOfRouter(port)) ids.add(port.device_id)
  for (const { before, after } of floatingIps.values())
    for (const row of [before, after]) if (row?.router_id) ids.add(row.router_id)
  const moved = [...subnets.values()].flatMap(({ before, after }) =>
    before && after && before.gateway_ip !== after.gateway_ip ? [after.network_id] : [],
  )
  const resized = [...networks.values()].flatMap(({ before, after }) =>
    before && after && before.mtu !== after.mtu ? [after.id] : [],
  )
  for (const networkId of [...moved, ...resized])
    for (const port of state.ports.find('network_id', networkId)) if (isOfRouter(port)) ids.add(port.device_id)
  return [...ids]
}

const isOfRouter = (port: Port) => isServicePort(port) && port.device_owner !== portOwners.floatingIp

function operationsOn(id: string, state: State, later: State, northbound: Northbound): Operation[] {
  const [before, after] = [state.routers.get(id), later.routers.get(id)]
  if (!after) return before ? [deleteRouter(before)] : []
  const row = northbound.routers.get(id)
  return [
    ...(before ? updateRouter(before, after) : [insertRouter(after)]),
    ...portOperations(before ? portsOf(state, before) : [], portsOf(later, after), { state, later, after, northbound }),
    ...routeOperations(after, gatewayRoutes(later, after), row, northbound),
    ...natOperations(after, translations(later, after), row, northbound),
  ]
}

/** A router, and the states before and after the changes. */
interface Place {
  readonly state: State
  readonly later: State
  readonly after: Router
  readonly northbound: Northbound
}

function portOperations(was: readonly Port[], is: readonly Port[], place: Place): Operation[] {
  const { after, northbound } = place
  const gone = was.filter(({ id }) => !is.some((port) => port.id === id))
  return [
    ...gone.flatMap(({ id }) => removal(after, 'ports', knownPort(id, northbound)?._uuid)),
    ...is.flatMap((port) => {
      const row = knownPort(port.id, northbound)
      return row ? updatePort(row, port, place) : insertPort(port, place)
    }),
  ]
}

/** The router's side of a port that the API knows by this id. */
function knownPort(id: string, { portRowOf, routerPortsByName }: Northbound): RouterPortRow | undefined {
  const peer = portRowOf(id)?.options['router-port']
  return peer === undefined ? undefined : routerPortsByName.get(peer)
}

function insertPort(port: Port, { after, later, northbound }: Place): Operation[] {
  const uuid = randomUUID()
  const name = routerPortName(northbound.portRowOf(port.id)?._uuid ?? port.id)
  const chassis = port.id === after.gateway_port_id ? gatewayChassis(name, northbound.gatewayChassis) : []
  const { columns, maps } = routerPortImage(later, port)
  return [
    ...chassis.map(([id, row]) => nb.insert('Gateway_Chassis', row, { uuid: id })),
    insertion(
      'Logical_Router_Port',
      uuid,
      { columns: { name, ...columns }, maps },
      { gateway_chassis: chassis.map(([id]) => id) },
    ),
    addition(after, 'ports', uuid),
  ]
}

/** All of them, so that one that fails is replaced; who comes first differs from router to router. */
function gatewayChassis(port: string, names: readonly string[]) {
  const first = names.length === 0 ? 0 : createHash('sha256').update(port).digest()[0]! % names.length
  return [...names.slice(first), ...names.slice(0, first)].map((chassis_name, at) => {
    const row = { name: `${port}_${chassis_name}`, chassis_name, priority: names.length - at }
    return [randomUUID(), row] as const
  })
}

function updatePort({ _uuid }: RouterPortRow, port: Port, { state, later }: Place): Operation[] {
  const before = state.ports.get(port.id)
  if (!before) return []
  return modification('Logical_Router_Port', _uuid, routerPortImage(state, before), routerPortImage(later, port))
}

function routeOperations(
  router: Router,
  toGateway: readonly RouteColumns[],
  row: RouterRow | undefined,
  northbound: Northbound,
): Operation[] {
  const extra = router.routes.map(({ destination, nexthop }) => ({ ip_prefix: destination, nexthop, kind: 'extra' }))
  const wanted = [...toGateway.map((route) => ({ ...route, kind: 'gateway' })), ...extra]
  const known = row ? routeRowsOf(row, northbound) : []
  const same = (a: RouteColumns, b: RouteColumns) => a.ip_prefix === b.ip_prefix && a.nexthop === b.nexthop
  const gone = known.filter((route) => !wanted.some((other) => same(route, other)))
  const come = wanted.filter((route) => !known.some((other) => same(route, other)))
  return [
    ...gone.flatMap(({ _uuid }) => removal(router, 'static_routes', _uuid)),
    ...come.flatMap(({ kind, ...columns }) => {
      const uuid = randomUUID()
      const image: Image = { columns, maps: { external_ids: { [routeKey]: kind } } }
      return [insertion('Logical_Router_Static_Route', uuid, image), addition(router, 'static_routes', uuid)]
    }),
  ]
}

function natOperations(
  router: Router,
  translated: readonly NatColumns[],
  row: RouterRow | undefined,
  { nats, portRowOf }: Northbound,
): Operation[] {
  // OVN knows ports by the names of their rows.
  const nameOf = (portId: string | null) => (portId === null ? null : (portRowOf(portId)?.name ?? portId))
  const wanted = translated.map((nat) => ({ ...nat, logical_port: nameOf(nat.logical_port) }))
  const known = (row?.nat ?? []).flatMap((id) => nats.get(id) ?? [])
  const keyOf = ({ type, external_ip, logical_ip, logical_port, external_mac }: NatColumns) =>
    [type, external_ip, logical_ip, logical_port, external_mac].join(' ')
  const have = new Set(known.map((nat) => keyOf(nat as NatColumns)))
  const want = new Set(wanted.map(keyOf))
  const gone = known.filter((nat) => nat.external_ids[natKey] !== undefined && !want.has(keyOf(nat as NatColumns)))
  return [
    ...gone.flatMap(({ _uuid }) => removal(router, 'nat', _uuid)),
    ...wanted
      .filter((nat) => !have.has(keyOf(nat)))
      .flatMap((columns) => {
        const uuid = randomUUID()
        const image: Image = { columns: { ...columns }, maps: { external_ids: { [natKey]: router.id } } }
        return [insertion('NAT', uuid, image), addition(router, 'nat', uuid)]
      }),
  ]
}

type Part = 'ports' | 'static_routes' | 'nat'

const addition = ({ id }: Router, part: Part, uuid: string): Operation =>
  nb.mutate('Logical_Router', [['_uuid', '==', id]], [[part, 'insert', uuid]])

/** The row goes when no router has it any more. */
const removal = ({ id }: Router, part: Part, uuid: string | undefined): Operation[] =>
  uuid === undefined ? [] : [nb.mutate('Logical_Router', [['_uuid', '==', id]], [[part, 'delete', uuid]])]
