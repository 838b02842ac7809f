import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { assertSameAsServer, keepAccount } from '../testing/compare-replica.ts'
import { connectNorthbound, nb } from '../testing/northbound.ts'
import { startOldServer } from '../testing/old-server.ts'
import { noOvsdbServer, startOvsdbServer } from '../testing/ovsdb-server.ts'
import { SeededRandom } from '../testing/random.ts'
import { randomTables, writeAtRandom } from '../testing/random-writes.ts'
import { startTcpProxy } from '../testing/tcp-proxy.ts'
import { Replica } from './replica.ts'

const skip = noOvsdbServer

for (const unknown of [[], ['monitor_cond_since'], ['monitor_cond_since', 'monitor_cond', 'set_db_change_aware']]) {
  const what = unknown.length === 0 ? 'a server of today' : `a server without ${unknown.join(', ')}`
  test(`a replica of ${what} is what the server has, after random writes of two clients`, { skip }, async (t) => {
    const server = await startOvsdbServer(t)
    const old = await startOldServer(t, server.file('sock'), unknown)
    const { client } = connectNorthbound(t, old.remote)
    const other = connectNorthbound(t, server.remote).client
    await writeAtRandom(other, new SeededRandom(1), 50)
    const replica = new Replica(client, { tables: randomTables })
    await replica.whenSynced()
    const assertAllTold = keepAccount(replica)
    await Promise.all([writeAtRandom(client, new SeededRandom(2), 300), writeAtRandom(other, new SeededRandom(3), 300)])
    await assertSameAsServer(replica, client)
    assertAllTold()
  })
}

test('a replica of a cluster goes on where it was: only what it missed is sent', { skip }, async (t) => {
  const server = await startOvsdbServer(t, { model: 'clustered' })
  const other = connectNorthbound(t, server.remote).client
  const large = { external_ids: { text: 'x'.repeat(1000) } }
  const rows = Array.from({ length: 300 }, (_, index) => nb.insert('Logical_Switch', { name: `ls${index}`, ...large }))
  await other.transact(rows)
  // The history of a server is no larger than its database: it forgets the first transaction at the next one.
  await other.transact([nb.insert('Logical_Switch', { name: 'last' })])
  const { proxy, replica, assertAllTold, event, changes } = await replicaBehindProxy(t, server.file('sock'))
  const loaded = proxy.bytesDown
  assert.ok(loaded > 300_000)

  proxy.cut()
  await event('lost')
  assert.equal(replica.state, 'stale')
  assert.equal(replica.table('Logical_Switch').size, 301)
  await other.transact([
    nb.insert('Logical_Switch', { name: 'new' }),
    nb.update('Logical_Switch', [['name', '==', 'ls1']], { name: 'changed' }),
    nb.delete('Logical_Switch', [['name', '==', 'ls2']]),
  ])
  changes.length = 0
  await replica.whenSynced({ timeoutMs: 5000 })
  assert.deepEqual(changes.sort(), ['delete ls2', 'insert new', 'update changed'])
  await assertSameAsServer(replica, other)
  assertAllTold()
  // The schema alone is some 15 KB.
  assert.ok(proxy.bytesDown - loaded < 60_000, `${proxy.bytesDown - loaded} bytes`)
})

test('a replica of a standalone server is loaded again, and tells what is different', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const other = connectNorthbound(t, server.remote).client
  await other.transact([1, 2, 3].map((index) => nb.insert('Logical_Switch', { name: `ls${index}` })))
  const { proxy, replica, assertAllTold, event, changes } = await replicaBehindProxy(t, server.file('sock'))
  const [same] = [...replica.table('Logical_Switch').rows()].filter(({ name }) => name === 'ls3')

  proxy.cut()
  await event('lost')
  await other.transact([
    nb.insert('Logical_Switch', { name: 'new' }),
    nb.update('Logical_Switch', [['name', '==', 'ls1']], { external_ids: { changed: 'yes' } }),
    nb.delete('Logical_Switch', [['name', '==', 'ls2']]),
  ])
  changes.length = 0
  await replica.whenSynced({ timeoutMs: 5000 })
  assert.deepEqual(changes.sort(), ['delete ls2', 'insert new', 'update ls1'])
  assert.equal(replica.table('Logical_Switch').get(same!._uuid), same)
  await assertSameAsServer(replica, other)
  assertAllTold()
})

test('a replica comes through a restart of the server in the middle of writes', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables: randomTables })
  await replica.whenSynced()
  const assertAllTold = keepAccount(replica)
  await writeAtRandom(client, new SeededRandom(4), 100)
  await server.signal('SIGTERM')
  await server.start()
  await writeAtRandom(client, new SeededRandom(5), 100)
  await assertSameAsServer(replica, client)
  assertAllTold()
})

async function replicaBehindProxy(t: TestContext, path: string) {
  const proxy = await startTcpProxy(t, { path })
  const { client, event } = connectNorthbound(t, proxy.remote)
  const replica = new Replica(client, { tables: randomTables })
  const assertAllTold = keepAccount(replica)
  await replica.whenSynced()
  const changes: string[] = []
  replica.onChange('Logical_Switch', (found) => {
    changes.push(...found.map(({ kind, row, before }) => `${kind} ${(row ?? before)?.name}`))
  })
  return { proxy, replica, assertAllTold, event, changes }
}
