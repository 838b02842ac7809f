// The way of a router outside: a port on an external network.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { GatewayInfo, GatewayWish, Router } from '@patchbay/networking-api/resources/routers.ts'
import type { State, Transaction } from '../../backends/backend.ts'
import { foundNetwork } from '../../backends/facts/found.ts'
import { gatewayPortOf } from '../../backends/facts/router-ports.ts'
import type { PortService } from '../ports/ports.ts'
import { makeServicePort, refused, refuseOverlaps } from './router-ports.ts'

type Gateway = Pick<Router, 'gateway_port_id' | 'enable_snat'>

/** Makes, changes or removes the gateway's port. Answers what the router is then. */
export function changeGateway(
  ports: Pick<PortService, 'create' | 'update' | 'remove'>,
  transaction: Transaction,
  router: Router,
  wish: GatewayWish | null,
): Gateway {
  // Left out means yes, also in an update: as in Neutron.
  const enable_snat = wish?.enable_snat ?? true
  const current = gatewayPortOf(transaction, router)
  if (wish) checkGateway(transaction, wish)
  const addresses = wish?.external_fixed_ips?.length ? wish.external_fixed_ips : undefined
  if (current && current.network_id === wish?.network_id) {
    if (addresses) ports.update(transaction, current.id, { fixed_ips: [...addresses] })
    return { gateway_port_id: current.id, enable_snat }
  }
  if (current) {
    refuseServing(transaction, router.id, current.network_id)
    ports.remove(transaction, current.id)
  }
  if (!wish) return { gateway_port_id: null, enable_snat }
  const { network_id } = wish
  refuseOverlaps(transaction, { ...router, gateway_port_id: null }, transaction.subnets.find('network_id', network_id))
  const asked = {
    network_id,
    device_id: router.id,
    device_owner: portOwners.gateway,
    ...(addresses && { fixed_ips: addresses }),
  }
  return { gateway_port_id: makeServicePort(ports, transaction, asked, '').id, enable_snat }
}

export function gatewayInfo(state: State, router: Router): GatewayInfo | null {
  const port = gatewayPortOf(state, router)
  if (!port) return null
  return { network_id: port.network_id, enable_snat: router.enable_snat, external_fixed_ips: port.fixed_ips }
}

function checkGateway(
  transaction: Transaction,
  { network_id: id, external_fixed_ips: wishes = [] }: GatewayWish,
): void {
  if (!foundNetwork(transaction, id)['router:external']) throw refused(`Network ${id} is not an external network`)
  const gateways = transaction.subnets.find('network_id', id).map(({ gateway_ip }) => gateway_ip)
  for (const { ip_address } of wishes)
    if (ip_address !== undefined && gateways.includes(ip_address))
      throw refused(`External IP ${ip_address} is the same as the gateway IP`)
}

function refuseServing({ floatingIps }: Transaction, id: string, networkId: string): void {
  if (floatingIps.has('router_id', id))
    throw new NetworkingError('RouterExternalGatewayInUseByFloatingIp', { id, networkId })
}
