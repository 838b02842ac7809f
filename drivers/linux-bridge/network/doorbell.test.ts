import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { openDoorbell } from './doorbell.ts'

/** A port that is free on all addresses of 127/8 that the test uses. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '0.0.0.0')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

function at(t: TestContext, address: string, port: number, look: (networkId: string) => Promise<void>) {
  const errors: unknown[] = []
  const soon: string[] = []
  const lookSoon = (networkId: string) => void soon.push(networkId)
  const bell = openDoorbell({ address, port }, { look, lookSoon, failed: (error) => errors.push(error) })
  t.after(() => bell[Symbol.dispose]())
  return { bell, errors, soon }
}

test('a ring is over when all have done what it is for', async (t) => {
  const port = await freePort()
  const done: string[] = []
  const later = Promise.withResolvers<void>()
  at(t, '127.0.0.2', port, async (networkId) => void done.push(`2 ${networkId}`))
  at(t, '127.0.0.3', port, async (networkId) => {
    await later.promise
    done.push(`3 ${networkId}`)
  })
  const { bell } = at(t, '127.0.0.1', port, async () => {})
  const ringing = bell.ring('net-1', ['127.0.0.2', '127.0.0.3'])
  assert(await until(() => done.length > 0, 20_000))
  assert.deepEqual(done, ['2 net-1'])
  later.resolve()
  assert.deepEqual(await ringing, [])
  assert.deepEqual(done, ['2 net-1', '3 net-1'])
  assert.deepEqual(await bell.ring('net-1', []), [])
})

test('who cannot answer is named, and garbage is no ring', async (t) => {
  const port = await freePort()
  const rung: string[] = []
  const { errors } = at(t, '127.0.0.2', port, async (networkId) => {
    rung.push(networkId)
    if (networkId === 'bad') throw new Error('no provider')
  })
  const { bell } = at(t, '127.0.0.1', port, async () => {})
  const stranger = createSocket('udp4')
  t.after(() => stranger.close())
  for (const text of ['', '{', 'null', '[]', '{"ring":"net"}', '{"ring":"../x","id":"1"}', '{"ring":"net","id":7}'])
    stranger.send(text, port, '127.0.0.2')
  assert.deepEqual(await bell.ring('bad', ['127.0.0.2', '127.0.0.9']), ['127.0.0.2', '127.0.0.9'])
  assert.deepEqual([...new Set(rung)], ['bad'])
  assert.match(String(errors[0]), /no provider/)
})

test('who is told has heard of it at once, and looks when it likes', async (t) => {
  const port = await freePort()
  const never = () => Promise.reject(new Error('nobody rings'))
  const { soon, errors } = at(t, '127.0.0.2', port, never)
  const { bell } = at(t, '127.0.0.1', port, never)
  assert.deepEqual(await bell.tell('net-1', ['127.0.0.2']), [])
  assert.deepEqual([...new Set(soon)], ['net-1'])
  assert.deepEqual(errors, [])
})
