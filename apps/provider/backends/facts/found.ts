// The row that a request means, or the error that says there is none.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { FloatingIp } from '@patchbay/networking-api/resources/floating-ips.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { SecurityGroup } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { State } from '../backend.ts'

export function foundNetwork({ networks }: State, id: string): Network {
  const network = networks.get(id)
  if (!network) throw new NetworkingError('NetworkNotFound', { id })
  return network
}

export function foundSubnet({ subnets }: State, id: string): Subnet {
  const subnet = subnets.get(id)
  if (!subnet) throw new NetworkingError('SubnetNotFound', { id })
  return subnet
}

export function foundPort({ ports }: State, id: string): Port {
  const port = ports.get(id)
  if (!port) throw new NetworkingError('PortNotFound', { id })
  return port
}

export function foundGroup({ securityGroups }: State, id: string): SecurityGroup {
  const group = securityGroups.get(id)
  if (!group) throw new NetworkingError('SecurityGroupNotFound', { id })
  return group
}

export function foundRouter({ routers }: State, id: string): Router {
  const router = routers.get(id)
  if (!router) throw new NetworkingError('RouterNotFound', { id })
  return router
}

export function foundFloatingIp({ floatingIps }: State, id: string): FloatingIp {
  const floatingIp = floatingIps.get(id)
  if (!floatingIp) throw new NetworkingError('FloatingIPNotFound', { id })
  return floatingIp
}
