// The ports that routers and floating IPs have on networks. They are made, changed and removed with these only.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { type Port, type PortChange, portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { State } from '../../backends/backend.ts'
import { isServicePort } from '../../backends/facts/service-ports.ts'

/** Neutron makes a port that only looks like a router's; here it would be one. */
export function refuseServiceOwner({ device_owner: owner }: PortChange): void {
  if (owner !== undefined && isServicePort({ device_owner: owner }))
    throw bad(`device_owner ${owner} is for ports that come with routers and floating IPs`)
}

/** What makes a port the one of its router or floating IP is not changed as a port. */
export function refuseServiceChange(before: Port, change: PortChange): void {
  refuseServiceOwner({ device_owner: change.device_owner === before.device_owner ? undefined : change.device_owner })
  if (!isServicePort(before)) return
  const isOther = (name: keyof PortChange & keyof Port) =>
    name in change && JSON.stringify(change[name]) !== JSON.stringify(before[name])
  if (isOther('fixed_ips')) throw bad(`IP updates for port ${before.id} are not allowed`)
  const name = (['device_id', 'device_owner', 'mac_address', 'port_security_enabled'] as const).find(isOther)
  if (name) throw bad(`${name} of port ${before.id} follows from what has device owner ${before.device_owner}`)
}

/** Neutron lets a port go whose router or floating IP is no longer there. */
export function refuseServiceRemoval({ routers, floatingIps }: State, port: Port): void {
  const { id, device_id: device, device_owner: owner } = port
  if (isServicePort(port) && (owner === portOwners.floatingIp ? floatingIps : routers).get(device))
    throw new NetworkingError('ServicePortInUse', { id, reason: `has device owner ${owner}` })
}

const bad = (reason: string) => new NetworkingError('BadRequest', { resource: 'ports', reason })
