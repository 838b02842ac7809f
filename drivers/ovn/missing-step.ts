// Which step on a port's way to being wired was not taken, for the person who has to see to it.
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import type { Chassis, SwitchInterface } from './open-vswitch.ts'
import type { PortBinding } from './southbound.ts'

/** What this host's switch shows. undefined: everything is as it should be, and OVN has the next step. */
export function missingOnSwitch(port: SwitchInterface | undefined, needsCarrier: boolean): string | undefined {
  if (!port) return 'somebody removed it from the bridge'
  if (port.error) return `ovs-vswitchd could not take ${port.name}: ${port.error}`
  if (port.ofport === null) return `ovs-vswitchd has not taken ${port.name}: does it run?`
  if (port.ofport < 0) return `ovs-vswitchd could not take ${port.name}: its log says why`
  if (needsCarrier && port.link_state !== 'up') return `${port.name} has no carrier: does the guest have its end?`
  return undefined
}

/** Whether OVN may put the port on this chassis. */
export function isRequestedHere({ requested }: PortBinding, { id, hostname }: Chassis): boolean {
  return requested.length === 0 || requested.some((name) => name === id || name === hostname)
}

/** What OVN shows; `binding` is undefined where it has no such port. */
export function missingAtOvn(portId: string, binding: PortBinding | undefined, chassis: Chassis): DriverError {
  if (!binding) return new DriverError('port-not-found', `OVN has no port ${portId}`)
  const { requested, claimedBy } = binding
  const here = `this chassis, ${chassis.id}`
  if (!isRequestedHere(binding, chassis))
    return notWired(portId, `OVN wants it on ${requested.join(', ')} (requested-chassis), not on ${here}`)
  if (claimedBy.includes(chassis.id ?? ''))
    return notWired(
      portId,
      `${here}, has claimed it, and its flows are not in the switch: does ovn-controller still run?`,
    )
  const elsewhere = claimedBy.length > 0 ? ` (it is on ${claimedBy.join(', ')})` : ''
  return notWired(portId, `${here}, has not claimed it${elsewhere}: does ovn-controller run on this host?`)
}

export const notWired = (portId: string, why: string) =>
  new DriverError('not-wired', `port ${portId} was not wired: ${why}`)
