import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OvsdbClient } from '../client.ts'
import { ovnNorthbound } from '../generated/ovn-northbound.ts'
import { connectNorthbound, nb } from '../testing/northbound.ts'
import { noOvsdbServer, startOvsdbServer } from '../testing/ovsdb-server.ts'
import { Replica } from './replica.ts'

const skip = noOvsdbServer
const set = { type: { key: 'string', min: 0, max: 'unlimited' } }
const map = { type: { key: 'string', value: 'string', min: 0, max: 'unlimited' } }
const schemaWith = (version: string, columns: object) => ({
  name: 'OVN_Northbound',
  version,
  tables: { Logical_Switch: { isRoot: true, columns: { name: { type: 'string' }, ...columns } } },
})

test('tables and columns that an older server lacks are left out, and told', { skip }, async (t) => {
  const server = await startOvsdbServer(t, { schema: schemaWith('1.0.0', {}) })
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, {
    tables: { Logical_Switch: ['name', 'external_ids'], Copp: 'all', ACL: ['match'] },
  })
  await replica.transactAndWait([nb.insert('Logical_Switch', { name: 'x' })])
  assert.deepEqual(replica.missing, ['Logical_Switch.external_ids', 'Copp', 'ACL'])
  const [row] = replica.table('Logical_Switch').rows()
  assert.deepEqual([row?.name, row?.external_ids], ['x', undefined])
  assert.equal(replica.table('ACL').size, 0)
})

test('columns of a newer server that nobody knows do no harm', { skip }, async (t) => {
  const server = await startOvsdbServer(t, { schema: schemaWith('9.9.9', { external_ids: map, future: set }) })
  const { client } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables: { Logical_Switch: 'all' } })
  const [{ uuid }] = await replica.transactAndWait([
    nb.insert('Logical_Switch', { name: 'x', future: ['a'] } as object),
  ])
  assert.partialDeepStrictEqual(replica.table('Logical_Switch').get(uuid), { future: ['a'] })
})

test('a conversion of the database is followed: rows have the new columns', { skip }, async (t) => {
  const server = await startOvsdbServer(t, { schema: schemaWith('1.0.0', { gone: set }) })
  const { client, event } = connectNorthbound(t, server.remote)
  const replica = new Replica(client, { tables: { Logical_Switch: 'all' } })
  const [{ uuid }] = await replica.transactAndWait([nb.insert('Logical_Switch', { name: 'x' })])
  assert.deepEqual(Object.keys(replica.table('Logical_Switch').get(uuid)!).sort(), ['_uuid', 'gone', 'name'])
  const kinds: string[] = []
  replica.onChange('Logical_Switch', (changes) => kinds.push(...changes.map(({ kind }) => kind)))
  await client.request('convert', ['OVN_Northbound', schemaWith('1.1.0', { external_ids: map })])
  await event('schema-changed')
  await replica.whenSynced()
  assert.deepEqual(Object.keys(replica.table('Logical_Switch').get(uuid)!).sort(), ['_uuid', 'external_ids', 'name'])
  assert.deepEqual(kinds, ['update'])
})

test('a client that knows no types works with any table', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const client = new OvsdbClient({ remotes: [server.remote], database: ovnNorthbound.name })
  t.after(() => client.close())
  const replica = new Replica(client, { tables: { Logical_Switch: ['name'] } })
  await replica.transactAndWait([{ op: 'insert', table: 'Logical_Switch', row: { name: 'x' } }])
  assert.deepEqual(
    Array.from(replica.table('Logical_Switch').rows(), (row) => row.name),
    ['x'],
  )
})
