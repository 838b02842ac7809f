// How a vNIC is wired: what its host was told when it was plugged, against what its profile and network say by now.
import { createHash } from 'node:crypto'
import type { VnicDevice } from '../../domain-xml/interface-element.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Parts } from '../workflows/parts.ts'
import { devicesOf } from './vnic-ports.ts'

/** Of what only a new plug can change. The port and its groups are the provider's and not part of it. */
export function wiringOf({ nicId, mac, model, linked, properties, ...wiring }: VnicDevice): string {
  const { vnic_id, security_groups, ...lasting } = properties
  const sorted = Object.entries({ ...wiring, ...lasting }).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32)
}

/** False when the vNIC has to be unplugged and plugged for what was changed since. */
export async function isSynced(parts: Pick<Parts, 'store'>, nic: Nic, isRunning: boolean): Promise<boolean> {
  if (!isRunning || !nic.plugged || nic.wiredAs === '') return true
  const unknown = { portId: '', securityGroups: [] }
  const [device] = await devicesOf(parts, [nic], { [nic.id]: unknown })
  return wiringOf(device!) === nic.wiredAs
}
