// The interfaces of routers: ports that are the gateways of their subnets, or ports made for it beforehand.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { type FixedIp, type Port, portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { InterfaceWish, Router } from '@patchbay/networking-api/resources/routers.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { Transaction } from '../../backends/backend.ts'
import { foundPort, foundSubnet } from '../../backends/facts/found.ts'
import { interfacesOf, subnetsOf } from '../../backends/facts/router-ports.ts'
import type { PortService } from '../ports/ports.ts'
import { makeServicePort, refused, refuseOverlaps } from './router-ports.ts'
import { leadsThrough } from './router-routes.ts'

/** The port, and the subnets that were connected or disconnected. */
export interface Connection {
  readonly port: Port
  readonly subnets: readonly Subnet[]
}

export function createRouterInterfaces(ports: Pick<PortService, 'create' | 'update' | 'remove'>) {
  function connectSubnet(transaction: Transaction, router: Router, id: string): Connection {
    const subnet = foundSubnet(transaction, id)
    const { network_id, gateway_ip } = subnet
    if (gateway_ip === null) throw refused('Subnet for router interface must have a gateway IP')
    refuseAnnouncedElsewhere(subnet)
    refuseOverlaps(transaction, router, [subnet])
    const address: FixedIp = { subnet_id: id, ip_address: gateway_ip }
    const known = subnet.ip_version === 6 ? ipv6Interface(transaction, router, network_id) : undefined
    const port = known
      ? ports.update(transaction, known.id, { fixed_ips: [...known.fixed_ips, address] })
      : makeServicePort(
          ports,
          transaction,
          { network_id, device_id: router.id, device_owner: portOwners.interface, fixed_ips: [address] },
          router.project_id,
        )
    return { port, subnets: [subnet] }
  }

  function connectPort(transaction: Transaction, router: Router, id: string): Connection {
    const port = foundPort(transaction, id)
    const { network_id: networkId, device_id: deviceId } = port
    if (deviceId !== '') throw new NetworkingError('PortInUse', { id, networkId, deviceId })
    if (port.fixed_ips.length === 0) throw refused('Router port must have at least one fixed IP')
    const subnets = subnetsOf(transaction, port)
    for (const subnet of subnets) refuseAnnouncedElsewhere(subnet)
    refuseOverlaps(transaction, router, subnets)
    if (subnets.filter(({ ip_version }) => ip_version === 4).length > 1)
      throw refused('Cannot have multiple IPv4 subnets on router port')
    const change = { device_id: router.id, device_owner: portOwners.interface, port_security_enabled: false }
    return {
      port: ports.update(transaction, id, { ...change, security_groups: [], allowed_address_pairs: [] }),
      subnets,
    }
  }

  function disconnectPort(transaction: Transaction, router: Router, port: Port): Connection {
    const subnets = subnetsOf(transaction, port)
    for (const subnet of subnets) refuseNeeded(transaction, router, subnet)
    ports.remove(transaction, port.id)
    return { port, subnets }
  }

  function disconnectSubnet(transaction: Transaction, router: Router, id: string): Connection {
    const subnet = foundSubnet(transaction, id)
    const port = interfacesOf(transaction, router.id).find((each) => isIn(each, id))
    if (!port) throw new NetworkingError('RouterInterfaceNotFoundForSubnet', { id: router.id, subnetId: id })
    if (port.fixed_ips.length === 1) return disconnectPort(transaction, router, port)
    refuseNeeded(transaction, router, subnet)
    const fixed_ips = port.fixed_ips.filter(({ subnet_id }) => subnet_id !== id)
    return { port: ports.update(transaction, port.id, { fixed_ips }), subnets: [subnet] }
  }

  return {
    connect: (transaction: Transaction, router: Router, { port_id, subnet_id }: InterfaceWish): Connection =>
      port_id === undefined
        ? connectSubnet(transaction, router, subnet_id!)
        : connectPort(transaction, router, port_id),
    disconnect(transaction: Transaction, router: Router, { port_id, subnet_id }: InterfaceWish): Connection {
      if (port_id === undefined) return disconnectSubnet(transaction, router, subnet_id!)
      const port = interfacesOf(transaction, router.id).find(({ id }) => id === port_id)
      if (!port) throw new NetworkingError('RouterInterfaceNotFound', { id: router.id, portId: port_id })
      if (subnet_id !== undefined && !isIn(port, subnet_id))
        throw new NetworkingError('SubnetMismatchForPort', { portId: port_id, subnetId: subnet_id })
      return disconnectPort(transaction, router, port)
    },
  }
}

const isIn = ({ fixed_ips }: Port, subnetId: string) => fixed_ips.some(({ subnet_id }) => subnet_id === subnetId)

/** Of a network, the IPv6 subnets share an interface: it announces all of them. */
const ipv6Interface = (transaction: Transaction, router: Router, networkId: string) =>
  interfacesOf(transaction, router.id).find(
    (port) => port.network_id === networkId && subnetsOf(transaction, port).some(({ ip_version }) => ip_version === 6),
  )

function refuseAnnouncedElsewhere({ id, ip_version, ipv6_ra_mode, ipv6_address_mode }: Subnet): void {
  if (ip_version === 6 && ipv6_ra_mode === null && ipv6_address_mode !== null)
    throw refused(
      `IPv6 subnet ${id} configured to receive RAs from an external router cannot be added to Neutron Router`,
    )
}

/** Throws while something of the router goes through the subnet. */
function refuseNeeded({ floatingIps, ports }: Transaction, router: Router, subnet: Subnet): void {
  const { id } = router
  const isThere = (portId: string, address: string) =>
    ports.get(portId)?.fixed_ips.some(({ subnet_id, ip_address }) => subnet_id === subnet.id && ip_address === address)
  for (const { port_id, fixed_ip_address } of floatingIps.find('router_id', id))
    if (port_id !== null && fixed_ip_address !== null && isThere(port_id, fixed_ip_address))
      throw new NetworkingError('RouterInterfaceInUseByFloatingIP', { id, subnetId: subnet.id })
  if (router.routes.some((route) => leadsThrough(route, subnet)))
    throw new NetworkingError('RouterInterfaceInUseByRoute', { id, subnetId: subnet.id })
}
