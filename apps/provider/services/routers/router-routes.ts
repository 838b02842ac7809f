// The static routes of routers: each leads to a neighbour in one of the router's subnets.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { contains, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Route, Router } from '@patchbay/networking-api/resources/routers.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { State } from '../../backends/backend.ts'
import { portsOf, subnetsOf } from '../../backends/facts/router-ports.ts'

/** As in Neutron's default configuration. */
const maxRoutes = 30

/** Throws when a route of the router leads nowhere, or there are too many. */
export function checkRoutes(state: State, router: Router): void {
  const { id, routes } = router
  if (routes.length === 0) return
  if (routes.length > maxRoutes) throw new NetworkingError('RoutesExhausted', { id, quota: maxRoutes })
  const ports = portsOf(state, router)
  const cidrs = ports.flatMap((port) => subnetsOf(state, port)).map(({ cidr }) => parseCidr(cidr!)!)
  const own = new Set(ports.flatMap(({ fixed_ips }) => fixed_ips.map(({ ip_address }) => ip_address)))
  const invalid = (reason: string) => new NetworkingError('InvalidRoutes', { routes: JSON.stringify(routes), reason })
  for (const { destination, nexthop } of routes) {
    const address = parseAddress(nexthop)!
    if (parseCidr(destination)!.version !== address.version)
      throw invalid('the nexthop is of another IP version than the destination')
    if (!cidrs.some((cidr) => contains(cidr, address))) throw invalid('the nexthop is not connected with router')
    if (own.has(nexthop)) throw invalid('the nexthop is used by router')
  }
}

/** Each once: those that stay, then those that are new. That is the order in which a backend may keep them. */
export function arrangedRoutes(before: readonly Route[], wanted: readonly Route[]): Route[] {
  const keyOf = ({ destination, nexthop }: Route) => `${destination} ${nexthop}`
  const keys = new Set(wanted.map(keyOf))
  const kept = before.filter((route) => keys.has(keyOf(route)))
  return [...new Map([...kept, ...wanted].map((route) => [keyOf(route), route])).values()]
}

/** Whether a route leads through the subnet. */
export const leadsThrough = ({ nexthop }: Route, { cidr }: Subnet): boolean =>
  contains(parseCidr(cidr!)!, parseAddress(nexthop)!)
