// What floating IPs stand for: an address of a port behind a router that leads to their network.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { parseAddress } from '@patchbay/networking-api/ip.ts'
import type { FloatingIp } from '@patchbay/networking-api/resources/floating-ips.ts'
import type { FixedIp, Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Transaction } from '../../backends/backend.ts'
import { type Association, noAssociation } from '../../backends/facts/association.ts'
import { foundPort, foundSubnet } from '../../backends/facts/found.ts'
import { gatewayPortOf, interfacesOf } from '../../backends/facts/router-ports.ts'
import { isServicePort } from '../../backends/facts/service-ports.ts'

export interface AssociationWish {
  readonly portId: string | null
  readonly fixedIp: string | null
}

export function associationOf(
  transaction: Transaction,
  floatingIp: FloatingIp,
  { portId, fixedIp }: AssociationWish,
): Association {
  if (portId === null) {
    if (fixedIp !== null) throw refusedFloatingIp('fixed_ip_address cannot be specified without a port_id')
    return noAssociation
  }
  const port = foundPort(transaction, portId)
  if (isServicePort(port)) throw refusedFloatingIp(`Port ${portId} is unable to be assigned a floating IP`)
  const address = addressOf(port, fixedIp)
  const router_id = routerOf(transaction, floatingIp, port, address)
  refuseSecond(transaction, floatingIp, portId, address.ip_address)
  return { port_id: portId, fixed_ip_address: address.ip_address, router_id, status: 'ACTIVE' }
}

/** Of a port that goes: its floating IPs stand for nothing. */
export function disassociate({ floatingIps }: Transaction, portId: string, now: string): void {
  for (const before of floatingIps.find('port_id', portId))
    floatingIps.update({
      ...before,
      ...noAssociation,
      updated_at: now,
      revision_number: before.revision_number + 1,
    })
}

/** Throws when a floating IP stands for an address that the port has no more. */
export function refuseLostAddress({ floatingIps }: Transaction, { id, fixed_ips }: Port): void {
  const has = (address: string | null) => fixed_ips.some(({ ip_address }) => ip_address === address)
  if (!floatingIps.find('port_id', id).every(({ fixed_ip_address }) => has(fixed_ip_address)))
    throw new NetworkingError('BadRequest', {
      resource: 'port',
      reason: `Cannot update the fixed_ips of the port ${id}, because its original fixed_ip has been associated to a floating ip`,
    })
}

const isIpv4 = (address: string) => parseAddress(address)?.version === 4

function addressOf({ id, fixed_ips }: Port, wanted: string | null): FixedIp {
  if (wanted !== null && !isIpv4(wanted))
    throw refusedFloatingIp(`Cannot process floating IP association with ${wanted}, since that is not an IPv4 address`)
  const known = fixed_ips.filter(({ ip_address }) => (wanted === null ? isIpv4(ip_address) : ip_address === wanted))
  if (known.length === 1) return known[0]!
  if (wanted !== null) throw refusedFloatingIp(`Port ${id} does not have fixed ip ${wanted}`)
  throw refusedFloatingIp(
    known.length === 0
      ? `Cannot add floating IP to port ${id} that has no fixed IPv4 addresses`
      : `Port ${id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP`,
  )
}

/** The router between the subnet and the external network; of several, the one that is the subnet's gateway. */
function routerOf(
  transaction: Transaction,
  { floating_network_id: networkId }: FloatingIp,
  { id: portId }: Port,
  { subnet_id: subnetId }: FixedIp,
): string {
  const subnet = foundSubnet(transaction, subnetId)
  const found = [...transaction.routers.all()].flatMap((router) => {
    if (gatewayPortOf(transaction, router)?.network_id !== networkId) return []
    return interfacesOf(transaction, router.id)
      .flatMap(({ fixed_ips }) => fixed_ips)
      .filter(({ subnet_id }) => subnet_id === subnetId)
      .map(({ ip_address }) => ({ id: router.id, isGateway: ip_address === subnet.gateway_ip }))
  })
  const best = found.find(({ isGateway }) => isGateway) ?? found[0]
  if (!best) throw new NetworkingError('ExternalGatewayForFloatingIPNotFound', { networkId, subnetId, portId })
  return best.id
}

function refuseSecond(
  { floatingIps }: Transaction,
  { id, floating_ip_address: address, floating_network_id: networkId }: FloatingIp,
  portId: string,
  fixedIp: string,
): void {
  const isSecond = floatingIps
    .find('port_id', portId)
    .some((other) => other.id !== id && other.fixed_ip_address === fixedIp && other.floating_network_id === networkId)
  if (isSecond)
    throw new NetworkingError('FloatingIPPortAlreadyAssociated', { address, id, portId, fixedIp, networkId })
}

export const refusedFloatingIp = (reason: string) =>
  new NetworkingError('BadRequest', { resource: 'floatingip', reason })
