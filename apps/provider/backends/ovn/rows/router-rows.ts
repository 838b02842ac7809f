// A router is a Logical_Router, whose uuid is the router's id. Its routes are rows of their own, as are those to its gateway.
import { parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import { type Route, type Router, routerType } from '@patchbay/networking-api/resources/routers.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { type Northbound, nb, type RouteRow, type RouterRow } from '../northbound.ts'
import { ageOf } from './age.ts'
import { type Image, insertion, modification } from './image.ts'
import { inOrder, ownAttributes, ownKey, ownText, strangersDefaults } from './own-attributes.ts'
import { portIdOf } from './port-id.ts'

const gatewayKey = 'ovirt_gateway_port'
/** Counts the changes that other providers must not overlook, as on switches. */
const generationKey = 'patchbay_generation'
/** Of a route: whose it is. */
export const routeKey = 'patchbay_route'

const elsewhere = new Set(['id', 'name', 'admin_state_up', 'status', 'routes', 'gateway_port_id'])
const defaults = strangersDefaults(routerType)

function imageOf(router: Router): Image {
  return {
    columns: { name: router.name, enabled: router.admin_state_up },
    maps: {
      external_ids: {
        ...(router.gateway_port_id !== null && { [gatewayKey]: router.gateway_port_id }),
        [ownKey]: ownText(router, elsewhere),
      },
    },
  }
}

export const insertRouter = (router: Router): Operation => insertion('Logical_Router', router.id, imageOf(router))

export const updateRouter = (before: Router, after: Router): Operation[] =>
  modification('Logical_Router', after.id, imageOf(before), imageOf(after))

/** Its ports, routes and translations go with it. */
export const deleteRouter = ({ id }: Router): Operation => nb.delete('Logical_Router', [['_uuid', '==', id]])

/** Fails the transaction unless the router is as it was read, and makes it another for whoever read it before. */
export function guardRouter(row: RouterRow, stays: boolean): Operation[] {
  const guard = nb.unchanged('Logical_Router', row, ['external_ids', 'ports', 'static_routes', 'nat'])
  if (!stays) return [guard]
  const generation = Number(row.external_ids[generationKey] ?? 0)
  const mutations = [
    ['external_ids', 'delete', [generationKey]],
    ['external_ids', 'insert', { [generationKey]: String(generation + 1) }],
  ] as const
  return [guard, nb.mutate('Logical_Router', [['_uuid', '==', row._uuid]], mutations)]
}

export function readRouter(row: RouterRow, northbound: Northbound): Router {
  const own = ownAttributes(row.external_ids)
  return inOrder(keptType, {
    ...defaults,
    enable_snat: row.nat.some((id) => northbound.nats.get(id)?.type === 'snat'),
    ...own,
    id: row._uuid,
    name: row.name,
    admin_state_up: row.enabled ?? true,
    status: 'ACTIVE',
    gateway_port_id: gatewayPortId(row, northbound) ?? null,
    routes: routeRowsOf(row, northbound)
      .filter((route) => !isToGateway(route, row))
      .map(routeOf),
  } as unknown as Router)
}

const { external_gateway_info: _, ...keptAttributes } = routerType.attributes
const keptType = {
  ...routerType,
  attributes: { ...keptAttributes, gateway_port_id: routerType.attributes.id, enable_snat: routerType.attributes.id },
}

/** The port that leads outside: the one that is named so, or whose router's side is bound to a chassis. */
export function gatewayPortId(router: RouterRow, northbound: Northbound): string | undefined {
  const { switchPorts, portRowOf, routerPorts, switchPortOfRouterPort } = northbound
  const named = router.external_ids[gatewayKey]
  const bound = router.ports
    .flatMap((id) => routerPorts.get(id) ?? [])
    .find(({ gateway_chassis, ha_chassis_group }) => gateway_chassis.length > 0 || ha_chassis_group !== null)
  const row =
    named === undefined ? bound && switchPortOfRouterPort.get(bound.name) : (switchPorts.get(named) ?? portRowOf(named))
  return row && portIdOf(row)
}

/** Those that are like routes of the API: others (by source, of other tables, to nowhere) are left alone. Oldest first. */
export function routeRowsOf(router: RouterRow, { staticRoutes }: Northbound): RouteRow[] {
  return router.static_routes
    .flatMap((id) => staticRoutes.get(id) ?? [])
    .filter(({ policy, route_table }) => policy !== 'src-ip' && route_table === '')
    .filter(({ ip_prefix, nexthop }) => parseCidr(ip_prefix) && parseAddress(nexthop))
    .sort((a, b) => (ageOf(a.external_ids) < ageOf(b.external_ids) ? -1 : 1))
}

/** Ours say so; ovirt-provider-ovn makes the default route of a router that has a gateway. */
function isToGateway({ ip_prefix, external_ids }: RouteRow, router: RouterRow): boolean {
  const kind = external_ids[routeKey]
  if (kind !== undefined) return kind === 'gateway'
  return router.external_ids[gatewayKey] !== undefined && ip_prefix.endsWith('/0')
}

const routeOf = ({ ip_prefix, nexthop }: RouteRow): Route => ({ destination: ip_prefix, nexthop })
