import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectNorthbound, namesIn, nb } from './testing/northbound.ts'
import { noOvsdbServer, startOvsdbServer } from './testing/ovsdb-server.ts'

const skip = noOvsdbServer

test('a lock is held by one client; the next one in the queue is told when it is its turn', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const first = connectNorthbound(t, server.remote)
  const second = connectNorthbound(t, server.remote)
  const write = (name: string) => [nb.assert('leader'), nb.insert('Address_Set', { name })]
  assert.deepEqual(await first.client.request('lock', ['leader']), { locked: true })
  assert.deepEqual(await second.client.request('lock', ['leader']), { locked: false })
  await first.client.transact(write('a'))
  await assert.rejects(second.client.transact(write('b')), { name: 'OvsdbError', kind: 'not owner' })
  await first.client.close()
  assert.equal((await second.event('locked')).lock, 'leader')
  await second.client.transact(write('c'))
  assert.deepEqual(await namesIn(second.client, 'Address_Set'), ['a', 'c'])
})

test('who loses a lock to a thief is told', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const owner = connectNorthbound(t, server.remote)
  const thief = connectNorthbound(t, server.remote)
  await owner.client.request('lock', ['leader'])
  assert.deepEqual(await thief.client.request('steal', ['leader']), { locked: true })
  assert.deepEqual(await owner.event('stolen'), { type: 'stolen', remote: server.remote, lock: 'leader' })
  await assert.rejects(owner.client.transact([nb.assert('leader')]), { kind: 'not owner' })
})
