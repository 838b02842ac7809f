// Making the ports of routers and floating IPs, and which subnets do not go together on one router.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { overlaps, parseCidr } from '@patchbay/networking-api/ip.ts'
import { type Draft, parseCreate } from '@patchbay/networking-api/resource.ts'
import {
  type FixedIpWish,
  type Port,
  type PortAttributes,
  type portOwners,
  portType,
} from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { State, Transaction } from '../../backends/backend.ts'
import { gatewayPortOf, interfacesOf, subnetsOf } from '../../backends/facts/router-ports.ts'
import type { PortService } from '../ports/ports.ts'

export interface ServicePortWish {
  readonly network_id: string
  readonly device_id: string
  readonly device_owner: (typeof portOwners)[keyof typeof portOwners]
  readonly fixed_ips?: readonly FixedIpWish[]
}

/** Makes a port of a router or of a floating IP. `project`: empty for those that projects do not see. */
export function makeServicePort(
  ports: Pick<PortService, 'create'>,
  transaction: Transaction,
  wish: ServicePortWish,
  project: string,
): Port {
  const { fixed_ips, ...attributes } = wish
  const draft = parseCreate(portType, { port: { ...attributes, port_security_enabled: false, security_groups: [] } })
  return ports.create(transaction, { ...draft, fixed_ips } as Draft<PortAttributes>, project)
}

/** A router could not tell which of two subnets with the same addresses is meant. */
export function refuseOverlaps(state: State, router: Router, added: readonly Subnet[]): void {
  const gateway = gatewayPortOf(state, router)
  const inside = interfacesOf(state, router.id).flatMap((port) => subnetsOf(state, port))
  const outside = gateway ? state.subnets.find('network_id', gateway.network_id) : []
  const used = new Set([...inside, ...(gateway ? subnetsOf(state, gateway) : [])].map(({ id }) => id))
  for (const subnet of added) {
    if (used.has(subnet.id)) throw refused(`Router already has a port on subnet ${subnet.id}`)
    for (const other of [...inside, ...outside])
      if (overlaps(parseCidr(subnet.cidr!)!, parseCidr(other.cidr!)!))
        throw refused(
          `Cidr ${subnet.cidr} of subnet ${subnet.id} overlaps with cidr ${other.cidr} of subnet ${other.id}`,
        )
  }
}

export const refused = (reason: string) => new NetworkingError('BadRequest', { resource: 'router', reason })
