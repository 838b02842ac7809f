import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectNorthbound, namesIn, nb } from '../testing/northbound.ts'
import { noOvsdbServer, startOvsdbCluster, startOvsdbServer } from '../testing/ovsdb-server.ts'
import { OvsdbError } from '../wire/errors.ts'
import { Replica } from './replica.ts'
import { UnseenTransactionError } from './unseen-transaction.ts'
import { WaitTimeoutError } from './waiters.ts'

const skip = noOvsdbServer
const tables = { Logical_Switch: 'all', Logical_Switch_Port: ['name', 'external_ids', 'addresses', 'up'] } as const

test('a replica has the chosen columns of all rows, and follows what others do', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const other = connectNorthbound(t, server.remote).client
  const [ls] = await other.transact([nb.insert('Logical_Switch', { name: 'ls1', external_ids: { a: '1' } })])
  const replica = new Replica(client, { tables })
  assert.equal(replica.state, 'loading')
  await replica.whenSynced()
  const switches = replica.table('Logical_Switch')
  const ports = replica.table('Logical_Switch_Port')
  assert.equal(switches.get(ls.uuid)?.name, 'ls1')
  assert.equal(switches.get(ls.uuid)?.external_ids.a, '1')
  assert.deepEqual(switches.get(ls.uuid)?.acls, [])
  assert.deepEqual([...ports.rows()], [])

  await other.transact([
    nb.insert('Logical_Switch_Port', { name: 'p1', addresses: ['b', 'a'], type: 'router' }, { name: 'p' }),
    nb.mutate('Logical_Switch', [['name', '==', 'ls1']], [['ports', 'insert', 'p']]),
  ])
  const port = await replica.waitFor(() => [...ports.rows()][0], { timeoutMs: 5000 })
  const { external_ids, ...columns } = port
  assert.deepEqual(columns, { _uuid: port._uuid, name: 'p1', addresses: ['a', 'b'], up: null })
  assert.deepEqual({ ...external_ids }, {})
  assert.deepEqual(switches.get(ls.uuid)?.ports, [port._uuid])
})

test('rows are frozen, and one that was read stays what it was', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables })
  const [{ uuid }] = await replica.transactAndWait([nb.insert('Logical_Switch', { name: 'before' })])
  const row = replica.table('Logical_Switch').get(uuid)!
  assert.throws(() => Object.assign(row, { name: 'mine' }), TypeError)
  await replica.transactAndWait([nb.update('Logical_Switch', [['_uuid', '==', uuid]], { name: 'after' })])
  assert.equal(row.name, 'before')
  assert.equal(replica.table('Logical_Switch').get(uuid)?.name, 'after')
})

test('listeners are told of a transaction when all tables are as it left them', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables })
  await replica.whenSynced()
  const byName = replica.table('Logical_Switch_Port').index('name')
  const seen: unknown[] = []
  replica.onChange('Logical_Switch', (changes) => {
    for (const { kind, row, before } of changes) seen.push([kind, before?.name, row?.name, byName.get('p1')?.name])
  })
  const stop = replica.onChange('Logical_Switch_Port', (changes) => seen.push(changes.map(({ kind }) => kind)))
  await replica.transactAndWait([
    nb.insert('Logical_Switch', { name: 'ls1', ports: ['p'] }),
    nb.insert('Logical_Switch_Port', { name: 'p1' }, { name: 'p' }),
  ])
  stop()
  await replica.transactAndWait([nb.update('Logical_Switch', [], { name: 'ls2', ports: [] })])
  await replica.transactAndWait([nb.delete('Logical_Switch', [])])
  assert.deepEqual(
    seen.sort(),
    [
      ['insert'],
      ['insert', undefined, 'ls1', 'p1'],
      ['update', 'ls1', 'ls2', undefined],
      ['delete', 'ls2', undefined, undefined],
    ].sort(),
  )
})

test('indexes find rows by column, by element and by a key of a map', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables })
  const ports = replica.table('Logical_Switch_Port')
  const byName = ports.index('name')
  const byAddress = ports.index('addresses')
  const byDevice = ports.index(({ external_ids }) => external_ids.device)
  const add = (name: string, device: string) =>
    nb.insert('Logical_Switch_Port', { name, addresses: [name, 'all'], external_ids: { device } }, { name })
  await replica.transactAndWait([
    nb.insert('Logical_Switch', { ports: ['a', 'b', 'c'] }),
    add('a', 'vm1'),
    add('b', 'vm1'),
    add('c', 'vm2'),
  ])
  const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name).sort()
  assert.equal(byName.get('b')?.name, 'b')
  assert.deepEqual(names(byAddress.all('all')), ['a', 'b', 'c'])
  assert.deepEqual(names(byDevice.all('vm1')), ['a', 'b'])
  await replica.transactAndWait([
    nb.mutate('Logical_Switch_Port', [['name', '==', 'a']], [['external_ids', 'delete', ['device']]]),
  ])
  assert.deepEqual(names(byDevice.all('vm1')), ['b'])
  assert.equal(byDevice.get('nobody'), undefined)
})

test('a listener, an index or a condition that throws does not stop the replica', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const errors: Error[] = []
  const replica = new Replica(client, { tables, onListenerError: (error) => errors.push(error as Error) })
  await replica.whenSynced()
  const fail = (text: string) => {
    throw new Error(text)
  }
  replica.onChange('Logical_Switch', () => fail('listener'))
  replica.table('Logical_Switch').index(() => fail('index'))
  let calls = 0
  const waiting = replica.waitFor(() => (calls++ > 0 ? fail('condition') : false), { timeoutMs: 5000 })
  const seen: number[] = []
  replica.onChange('Logical_Switch', (changes) => seen.push(changes.length))
  const refused = assert.rejects(waiting, /condition/)
  await replica.transactAndWait([nb.insert('Logical_Switch', { name: 'x' })])
  await refused
  assert.deepEqual(seen, [1])
  assert.deepEqual(errors.map(({ message }) => message).sort(), ['index', 'listener'])
  assert.equal(replica.table('Logical_Switch').size, 1)
})

test('conditions choose the rows that are copied', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, {
    tables: { Logical_Switch: { columns: ['name'], where: [['external_ids', 'includes', { owner: 'me' }]] } },
  })
  await replica.transactAndWait([
    nb.insert('Logical_Switch', { name: 'mine', external_ids: { owner: 'me', other: 'x' } }),
    nb.insert('Logical_Switch', { name: 'theirs', external_ids: { owner: 'they' } }),
  ])
  const names = () => [...replica.table('Logical_Switch').rows()].map(({ name }) => name)
  assert.deepEqual(names(), ['mine'])
  await replica.transactAndWait([
    nb.update('Logical_Switch', [['name', '==', 'mine']], { external_ids: {} }),
    nb.update('Logical_Switch', [['name', '==', 'theirs']], { external_ids: { owner: 'me' } }),
  ])
  assert.deepEqual(names(), ['theirs'])
})

test('waiting for the replica has a bound, and ends when it is closed', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables })
  await assert.rejects(
    replica.waitFor(() => false, { timeoutMs: 20, what: 'A port' }),
    (error) => {
      assert.ok(error instanceof WaitTimeoutError)
      assert.match(error.message, /^A port did not come about within 20 ms/)
      return true
    },
  )
  const waiting = assert.rejects(
    replica.waitFor(() => false, { timeoutMs: 5000 }),
    /The replica was closed/,
  )
  replica.close()
  await waiting
  await assert.rejects(replica.whenSynced(), /The replica was closed/)
  await client.transact([nb.insert('Logical_Switch', { name: 'unseen' })])
  assert.equal(replica.table('Logical_Switch').size, 0)
})

test('a replica that is closed while it loads stays empty', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  await client.transact([nb.insert('Logical_Switch', { name: 'x' })])
  const replica = new Replica(client, { tables })
  replica.close()
  await client.transact([nb.insert('Logical_Switch', { name: 'y' })])
  assert.equal(replica.state, 'loading')
  assert.equal(replica.table('Logical_Switch').size, 0)
})

test('a transaction that the replica cannot show is told apart from one that failed', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables })
  replica.close()
  await assert.rejects(replica.transactAndWait([nb.insert('Logical_Switch', { name: 'x' })]), (error) => {
    assert.ok(error instanceof UnseenTransactionError)
    assert.match(error.message, /^The transaction took place, but .*: The replica was closed\.$/)
    assert.equal(error.results.length, 1)
    return true
  })
  assert.deepEqual(await namesIn(client, 'Logical_Switch'), ['x'])
  await assert.rejects(replica.transactAndWait([nb.insert('Address_Set', {}), nb.abort()]), OvsdbError)
})

test('what the server refuses to copy is told to who waits', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const where = [['name', '<', 'x']] as const
  const replica = new Replica(client, { tables: { Logical_Switch: { columns: ['name'], where } } })
  await assert.rejects(replica.whenSynced(), OvsdbError)
})

test('guarded, pipelined writes are in the replica when they are acknowledged', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables: { Logical_Switch: 'all', Logical_Switch_Port: 'all' } })
  const switches = replica.table('Logical_Switch')
  const byPort = switches.index('ports')
  const byNetwork = switches.index(({ external_ids }) => external_ids['neutron:network_id'])
  const ports = replica.table('Logical_Switch_Port').index('name')
  await replica.transactAndWait([nb.insert('Logical_Switch', { external_ids: { 'neutron:network_id': 'n1' } })])
  const { _uuid } = byNetwork.get('n1')!
  const add = async (name: string) => {
    const [, , { uuid }] = await client.transact([
      nb.unchanged('Logical_Switch', byNetwork.get('n1')!, ['external_ids']),
      nb.absent('Logical_Switch_Port', [['name', '==', name]]),
      nb.insert('Logical_Switch_Port', { name, addresses: ['dynamic'] }, { name: 'port' }),
      nb.mutate('Logical_Switch', [['_uuid', '==', _uuid]], [['ports', 'insert', 'port']]),
    ])
    assert.equal(ports.get(name)?._uuid, uuid)
    assert.equal(byPort.get(uuid)?._uuid, _uuid)
  }
  await Promise.all(Array.from({ length: 200 }, (_, index) => add(`p${index}`)))
  assert.equal(switches.get(_uuid)?.ports.length, 200)
})

test('own writes are in the replica when they are acknowledged: on leaders and followers', { skip }, async (t) => {
  const servers = await startOvsdbCluster(t)
  for (const { remote } of servers) {
    const { client } = connectNorthbound(t, remote, { leaderOnly: false })
    const replica = new Replica(client, { tables: { Address_Set: ['name'] } })
    const byName = replica.table('Address_Set').index('name')
    await replica.whenSynced()
    async function write(worker: number): Promise<void> {
      for (let count = 0; count < 10; count++) {
        const name = `${remote} ${worker} ${count}`
        // Not transactAndWait: this is the rule that it relies on.
        const [{ uuid }] = await client.transact([nb.insert('Address_Set', { name })])
        assert.equal(byName.get(name)?._uuid, uuid)
        await client.transact([nb.delete('Address_Set', [['_uuid', '==', uuid]])])
        assert.equal(byName.get(name), undefined)
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, worker) => write(worker)))
  }
})
