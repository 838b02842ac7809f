import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectNorthbound, nb } from '../testing/northbound.ts'
import { noOvsdbServer, startOvsdbServer } from '../testing/ovsdb-server.ts'
import { type ErrorWord, OvsdbError } from './errors.ts'
import type { Operation } from './operations/operations.ts'

const stranger = '11111111-2222-4333-8444-555555555555'

const failures: Record<string, [operations: Operation[], kind: ErrorWord, index: number | undefined, details: RegExp]> =
  {
    'two rows with one name': [
      [nb.insert('Address_Set', { name: 'a' }), nb.insert('Address_Set', { name: 'a' })],
      'constraint violation',
      undefined,
      /identical values \(a\) for index on column "name"/,
    ],
    'a value out of its range': [
      [nb.insert('ACL', { priority: 99_999 })],
      'constraint violation',
      0,
      /99999 is not in/,
    ],
    'a reference to nothing': [
      [nb.comment('x'), nb.insert('Logical_Switch', { ports: [stranger] })],
      'referential integrity violation',
      undefined,
      /nonexistent row/,
    ],
    'a guard that does not hold': [[nb.absent('NB_Global', [])], 'timed out', 0, /"where" clause test failed/],
    'a wait that is too long': [
      [
        nb.wait('Logical_Switch', [], { columns: ['name'], until: '==', rows: [{ name: 'x' }], timeoutMs: 20 }),
        nb.insert('Address_Set', { name: 'never' }),
      ],
      'timed out',
      0,
      /"wait" timed out after/,
    ],
    'an abort': [[nb.insert('Address_Set', { name: 'never' }), nb.abort()], 'aborted', 1, /aborted by request/],
    'a lock that is not held': [[nb.assert('l')], 'not owner', 0, /lock l not held/],
    'one name for two rows': [
      [nb.insert('Address_Set', { name: 'b' }, { name: 'x' }), nb.insert('Address_Set', { name: 'c' }, { name: 'x' })],
      'duplicate uuid-name',
      1,
      /appeared on an earlier/,
    ],
    'one uuid for two rows': [
      [nb.insert('Address_Set', { name: 'b' }, { uuid: stranger }), nb.insert('Address_Set', {}, { uuid: stranger })],
      'duplicate uuid',
      1,
      /duplicate a UUID/,
    ],
    'a division by zero': [[nb.mutate('NB_Global', [], [['nb_cfg', '/=', 0]])], 'domain error', 0, /Division by zero/],
    'a sum that is too large': [
      [
        nb.update('NB_Global', [], { nb_cfg: 2 ** 53 - 1 }),
        nb.mutate('NB_Global', [], [['nb_cfg', '*=', 2 ** 53 - 1]]),
      ],
      'range error',
      1,
      /out of range/,
    ],
    'an element twice': [[nb.insert('Address_Set', { addresses: ['a', 'a'] })], 'ovsdb error', 0, /duplicate/],
  }

test("each of the server's refusals becomes an error of its kind, at its operation", {
  skip: noOvsdbServer,
}, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  await client.transact([nb.insert('NB_Global', {})])
  for (const [name, [operations, kind, index, details]] of Object.entries(failures)) {
    await t.test(name, async () => {
      const error = await client.transact(operations).then(
        () => assert.fail('no error'),
        (failure: unknown) => failure,
      )
      assert.ok(error instanceof OvsdbError, String(error))
      assert.deepEqual([error.kind, error.index], [kind, index])
      assert.equal(error.operation, index === undefined ? undefined : operations[index])
      assert.match(error.details, details)
    })
  }
  const [{ rows }] = await client.transact([nb.select('Address_Set', [])])
  assert.deepEqual(rows, [])
})

test('a request as a whole can fail, too', { skip: noOvsdbServer }, async (t) => {
  const server = await startOvsdbServer(t)
  const { client } = connectNorthbound(t, server.remote)
  const kindOf = (method: string, params: unknown[]) =>
    client.request(method, params).then(
      () => 'none',
      (error: OvsdbError) => error.kind,
    )
  assert.equal(await kindOf('no_such_method', []), 'unknown method')
  assert.equal(await kindOf('get_schema', ['Nowhere']), 'unknown database')
  assert.equal(await kindOf('transact', ['OVN_Northbound', { op: 'frobnicate' }]), 'none')
  assert.equal(await kindOf('monitor_cancel', ['nothing']), 'unknown monitor')
  assert.equal(await kindOf('lock', []), 'syntax error')
})
