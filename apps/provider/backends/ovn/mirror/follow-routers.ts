// Routers of the mirror, as routers, their ports and routes change; and switch ports that are sides of routers.
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import { portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import type { Transaction } from '../../backend.ts'
import { noAssociation } from '../../facts/association.ts'
import type { NatRow, Northbound, RouteRow, RouterPortRow, RouterRow, SwitchPortRow } from '../northbound.ts'
import { readFloatingIp } from '../rows/floating-ip-rows.ts'
import { portIdOf } from '../rows/port-id.ts'
import { gatewayPortId, readRouter } from '../rows/router-rows.ts'
import { isOfFloatingIp, withKeptAddresses } from '../rows/service-port-rows.ts'
import { changesOf } from './mirror-changes.ts'
import { put } from './put.ts'

export function createRouterFollower(northbound: Northbound, { routers, floatingIps }: Transaction) {
  const { routers: rows, routerPorts, routerPortsByName, switchPortOfRouterPort } = northbound

  function putRouters(changes: TableChanges): void {
    const ids = new Set(changesOf<RouterRow>(changes, 'Logical_Router').map(({ uuid }) => uuid))
    const add = (row: RouterRow | undefined) => row && ids.add(row._uuid)
    for (const { uuid } of changesOf<RouteRow>(changes, 'Logical_Router_Static_Route'))
      add(northbound.routerOfRoute.get(uuid))
    for (const { uuid } of changesOf<NatRow>(changes, 'NAT')) add(northbound.routerOfNat.get(uuid))
    for (const { uuid } of changesOf<RouterPortRow>(changes, 'Logical_Router_Port'))
      add(northbound.routerOfPort.get(uuid))
    for (const id of ids) {
      const row = rows.get(id)
      put(routers, routers.get(id), row && readRouter(row, northbound))
      if (!row) release('router_id', id)
    }
  }

  /** The switch ports whose router's side changed, came or went. */
  function peersOf(changes: TableChanges): Set<string> {
    const names = new Set<string>()
    for (const { before, row } of changesOf<RouterPortRow>(changes, 'Logical_Router_Port'))
      for (const port of [before, row]) if (port) names.add(port.name)
    for (const { before, row } of changesOf<RouterRow>(changes, 'Logical_Router'))
      for (const id of [...(before?.ports ?? []), ...(row?.ports ?? [])]) {
        const port = routerPorts.get(id)
        if (port) names.add(port.name)
      }
    return new Set([...names].flatMap((name) => switchPortOfRouterPort.all(name)).map(({ _uuid }) => _uuid))
  }

  /** The row as that of a port, with addresses and device; undefined for what the API does not show. */
  function asPort(row: SwitchPortRow): SwitchPortRow | undefined {
    if (row.type === '') return isOfFloatingIp(row) ? withKeptAddresses(row) : row
    const peer = row.type === 'router' ? routerPortsByName.get(row.options['router-port'] ?? '') : undefined
    const router = peer && northbound.routerOfPort.get(peer._uuid)
    if (!router) return undefined
    const isGateway = gatewayPortId(router, northbound) === portIdOf(row)
    return {
      ...row,
      addresses: [[peer.mac, ...peer.networks.map((network) => network.replace(/\/.*/, ''))].join(' ')],
      external_ids: {
        ...row.external_ids,
        ovirt_device_id: router._uuid,
        ovirt_device_owner: isGateway ? portOwners.gateway : portOwners.interface,
      },
    }
  }

  /** Floating IPs of what is not there any more stand for nothing. */
  function release(attribute: 'port_id' | 'router_id', id: string): void {
    for (const floatingIp of floatingIps.find(attribute, id)) floatingIps.update({ ...floatingIp, ...noAssociation })
  }

  /** The floating IP of a row that is read as this port; `port` undefined: of a row that is not there any more. */
  function putFloatingIp(id: string, row: SwitchPortRow | undefined, port: Port | undefined): void {
    put(floatingIps, floatingIps.get(id), row && port && readFloatingIp(row, port, northbound))
  }

  return { putRouters, peersOf, asPort, putFloatingIp, releasePort: (id: string) => release('port_id', id) }
}

export type RouterFollower = ReturnType<typeof createRouterFollower>
