// The rows of ports as the provider writes them to the northbound database, without a provider: one transaction each,
// pipelined through one connection.
import { randomUUID } from 'node:crypto'
import { OvsdbClient } from '@patchbay/ovsdb/client.ts'
import { ovnNorthbound } from '@patchbay/ovsdb/generated/ovn-northbound.ts'
import { operationsOn } from '@patchbay/ovsdb/wire/operations/operation-builders.ts'
import { load } from '../load.ts'

const nb = operationsOn(ovnNorthbound)
/** As long as what the provider keeps of a port besides. */
const body = 'x'.repeat(280)

/** Transactions per second of each kind. */
export interface BareRates {
  readonly post: number
  readonly put: number
  readonly remove: number
}

export interface BarePorts extends AsyncDisposable {
  insert(id: string): Promise<unknown>
  update(id: string): Promise<unknown>
  remove(id: string): Promise<unknown>
}

/** Ports of this switch, in all port groups that there are: the default security group, and the one that drops. */
export async function connectBarePorts(remote: string, networkId: string): Promise<BarePorts> {
  const client = new OvsdbClient({ remotes: [remote], database: ovnNorthbound })
  await client.whenConnected()
  const [found] = await client.transact([nb.select('Port_Group', [], ['_uuid'])])
  const groups = (found as { rows: { _uuid: string }[] }).rows.map(({ _uuid }) => _uuid)
  const place = (mutator: 'insert' | 'delete', id: string) => [
    nb.mutate('Logical_Switch', [['_uuid', '==', networkId]], [['ports', mutator, id]]),
    ...groups.map((group) => nb.mutate('Port_Group', [['_uuid', '==', group]], [['ports', mutator, id]])),
  ]
  const port = (id: string) => [['_uuid', '==', id]] as const
  return {
    insert: (id) =>
      client.transact([nb.insert('Logical_Switch_Port', rowOf(id), { uuid: id }), ...place('insert', id)]),
    update: (id) => client.transact([nb.update('Logical_Switch_Port', port(id), { external_ids: idsOf(id, 'other') })]),
    remove: (id) => client.transact(place('delete', id)),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** As many ports are made, changed and removed again. */
export async function bareRates(ports: BarePorts, inFlight: number, count: number): Promise<BareRates> {
  const ids = Array.from({ length: count }, () => randomUUID())
  const rate = async (act: (id: string) => Promise<unknown>) =>
    (await load(inFlight, count, (index) => act(ids[index]!))).perSecond
  return { post: await rate(ports.insert), put: await rate(ports.update), remove: await rate(ports.remove) }
}

const rowOf = (id: string) => ({
  name: id,
  addresses: ['fa:16:3e:00:00:01 10.255.0.1'],
  port_security: ['fa:16:3e:00:00:01 10.255.0.1'],
  enabled: true,
  options: { 'requested-chassis': 'host-a' },
  external_ids: idsOf(id, 'nic1'),
})

const idsOf = (id: string, name: string) => ({
  ovirt_nic_name: name,
  ovirt_device_id: id,
  ovirt_device_owner: 'oVirt',
  patchbay: body,
})
