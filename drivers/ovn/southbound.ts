// What OVN has made of a port, asked of its southbound database. Only on occasion: a host more that follows it would be a
// connection more for each.
import { OvsdbClient } from '@patchbay/ovsdb/client.ts'
import { ovnSouthbound } from '@patchbay/ovsdb/generated/ovn-southbound.ts'
import type { TlsIdentity } from '@patchbay/ovsdb/transport/open-socket.ts'
import { operationsOn } from '@patchbay/ovsdb/wire/operations/operation-builders.ts'

export interface PortBinding {
  /** Names or host names of the chassis that the port may be on; any, if there are none. */
  readonly requested: readonly string[]
  /** Names of the chassis that have claimed it. */
  readonly claimedBy: readonly string[]
}

const sb = operationsOn(ovnSouthbound)
const boundMs = 3_000

/** undefined: OVN has no such port. Throws what OvsdbClient throws. */
export async function askSouthbound(
  remotes: string,
  tls: TlsIdentity | undefined,
  portId: string,
): Promise<PortBinding | undefined> {
  const client = new OvsdbClient({
    remotes: remotes.split(','),
    database: ovnSouthbound,
    leaderOnly: false,
    times: { requestMs: boundMs },
    ...(tls && { tls }),
  })
  try {
    const [{ rows: bindings }, { rows: chassis }] = await client.transact([
      sb.select('Port_Binding', [['logical_port', '==', portId]], ['options', 'chassis', 'additional_chassis']),
      sb.select('Chassis', [], ['_uuid', 'name']),
    ])
    const [binding] = bindings
    if (!binding) return undefined
    const holders = [binding.chassis, ...binding.additional_chassis]
    return {
      requested: (binding.options['requested-chassis'] ?? '').split(',').filter((name) => name !== ''),
      claimedBy: chassis.filter(({ _uuid }) => holders.includes(_uuid)).map(({ name }) => name),
    }
  } finally {
    await client.close({ graceMs: 0 })
  }
}
