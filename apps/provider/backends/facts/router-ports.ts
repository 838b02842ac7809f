// What a router is connected to: its ports, and the subnets in which these have addresses.
import { type Port, portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { State } from '../backend.ts'
import { foundSubnet } from './found.ts'

export const interfacesOf = (state: State, routerId: string): Port[] =>
  state.ports.find('device_id', routerId).filter(({ device_owner }) => device_owner === portOwners.interface)

export const gatewayPortOf = (state: State, { gateway_port_id: id }: Router): Port | undefined =>
  id === null ? undefined : state.ports.get(id)

/** The interfaces, and the gateway's port. */
export function portsOf(state: State, router: Router): Port[] {
  const gateway = gatewayPortOf(state, router)
  return [...interfacesOf(state, router.id), ...(gateway ? [gateway] : [])]
}

export const subnetsOf = (state: State, { fixed_ips }: Port): Subnet[] =>
  fixed_ips.map(({ subnet_id }) => foundSubnet(state, subnet_id))
