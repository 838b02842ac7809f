// The channel alone, on this machine: who waits for what, and for how long.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { NicMemory } from './guest-nics.ts'
import { expectGuest, sendGuest } from './migration-channel.ts'

const memory: NicMemory[] = [{ device: 'eth0', addresses: ['192.0.2.7/24'], routes: [] }]
const never = async () => assert.fail('this must not happen')
const to = ({ port, secret }: { port: number; secret: string }) => ({ host: '127.0.0.1', port, secret })

test('a guest arrives once its source has let go', async () => {
  const order: string[] = []
  const arrival = await expectGuest(async (received) => {
    order.push('start')
    assert.deepEqual(received, memory)
  })
  await sendGuest(to(arrival), memory, () => order.push('let go'))
  await arrival.completed
  assert.deepEqual(order, ['let go', 'start'])
  await assert.rejects(sendGuest(to(arrival), memory, never), /ECONNREFUSED/)
})

test('nobody comes in time, or nobody is waited for any more', async () => {
  const late = await expectGuest(never, { waitMs: 20 })
  await assert.rejects(late.completed, /nobody sent it within 0\.02 s/)
  await assert.rejects(sendGuest(to(late), memory, never), /ECONNREFUSED/)
  const aborted = await expectGuest(never)
  aborted.abort()
  await assert.rejects(aborted.completed, /not expected any more/)
})

test('a destination that cannot start the guest says so after the source has let go', async () => {
  const arrival = await expectGuest(async () => {
    throw new Error('no such bridge')
  })
  let letGo = false
  const sent = sendGuest(to(arrival), memory, () => {
    letGo = true
  })
  await Promise.all([assert.rejects(sent, /no such bridge/), assert.rejects(arrival.completed, /no such bridge/)])
  assert.ok(letGo)
})

test('a source that is silent after its introduction is given up', async (t) => {
  const arrival = await expectGuest(never, { stepMs: 1_000 })
  const socket = await dialled(t, arrival.port)
  socket.write(`${JSON.stringify({ secret: arrival.secret, memory })}\n`)
  await assert.rejects(arrival.completed, /nothing came within 1 s/)
})

test('a wrong secret is not an attempt', async () => {
  const arrival = await expectGuest(async () => {})
  await assert.rejects(sendGuest({ ...to(arrival), secret: 'guess' }, memory, never), /does not know the secret/)
  await sendGuest(to(arrival), memory, () => {})
  await arrival.completed
})

test('a destination that hangs up, is silent or talks nonsense never gets the guest', async (t) => {
  const answers: [answer: (socket: Socket) => void, reason: RegExp, stepMs?: number][] = [
    [(socket) => socket.destroy(), /closed the connection|ECONNRESET/],
    [(socket) => socket.end(), /closed the connection/],
    [() => {}, /nothing came within 0\.05 s/, 50],
    [(socket) => socket.write('{"ready"'), /nothing came within/, 50],
    [(socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /no message/],
    [(socket) => socket.write('null\n'), /no message/],
    [(socket) => socket.write('{"running": true}\n'), /"ready" was expected/],
    [(socket) => socket.write('{"error": "full"}\n'), /^Error: full$/],
    [(socket) => socket.write('x'.repeat(2_000_000)), /more than 1048576 bytes/],
  ]
  for (const [answer, reason, stepMs = 5_000] of answers) {
    const port = await served(t, (socket) => {
      socket.on('error', () => {}).resume()
      answer(socket)
    })
    const sent = sendGuest({ host: '127.0.0.1', port, secret: 's' }, memory, never, { stepMs })
    await assert.rejects(sent, reason, String(answer))
  }
})

test('a line that comes byte by byte, or two in one piece, are understood', async (t) => {
  const port = await served(t, async (socket) => {
    socket.on('error', () => {}).resume()
    for (const byte of '{"ready": "ä"}\n{"running": true}\n{"more": 1}\n') {
      socket.write(byte)
      await new Promise(setImmediate)
    }
  })
  await sendGuest({ host: '127.0.0.1', port, secret: 's' }, memory, () => {})
})

async function served(t: TestContext, onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    onSocket(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}

async function dialled(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {}).resume()
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}
