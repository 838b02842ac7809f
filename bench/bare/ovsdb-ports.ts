// What the northbound server gives: the rows of ports, as the provider writes them, through one pipelined connection.
import { randomUUID } from 'node:crypto'
import { OvsdbClient } from '@patchbay/ovsdb/client.ts'
import { ovnNorthbound } from '@patchbay/ovsdb/generated/ovn-northbound.ts'
import { operationsOn } from '@patchbay/ovsdb/wire/operation-builders.ts'
import { load } from '../load.ts'

const nb = operationsOn(ovnNorthbound)
/** As long as what the provider keeps of a port besides. */
const body = 'x'.repeat(420)

/** Transactions per second, each with one new port of this switch; all of them are removed again. */
export async function barePorts(remote: string, networkId: string, inFlight: number, count: number): Promise<number> {
  const client = new OvsdbClient({ remotes: [remote], database: ovnNorthbound })
  try {
    await client.whenConnected()
    const ids = Array.from({ length: count }, () => randomUUID())
    const { perSecond } = await load(inFlight, count, (index) => client.transact(insertion(ids[index]!, networkId)))
    await client.transact([nb.mutate('Logical_Switch', [['_uuid', '==', networkId]], [['ports', 'delete', ids]])])
    return perSecond
  } finally {
    await client.close()
  }
}

const insertion = (id: string, networkId: string) => [
  nb.insert(
    'Logical_Switch_Port',
    {
      name: id,
      addresses: ['fa:16:3e:00:00:01 10.255.0.1'],
      port_security: ['fa:16:3e:00:00:01 10.255.0.1'],
      enabled: true,
      options: { 'requested-chassis': 'host-a' },
      external_ids: { ovirt_nic_name: 'nic1', ovirt_device_id: id, ovirt_device_owner: 'oVirt', patchbay: body },
    },
    { uuid: id },
  ),
  nb.mutate('Logical_Switch', [['_uuid', '==', networkId]], [['ports', 'insert', id]]),
]
