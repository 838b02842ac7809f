import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { readMessages, startRawServer } from '../testing/raw-server.ts'
import { encodeNotification, encodeResponse, type RpcMessage } from '../wire/stream/json-rpc.ts'
import { ConnectionError } from './connection-error.ts'
import type { Outcome } from './request-queue.ts'
import { type ConnectionLimits, RpcConnection } from './rpc-connection.ts'

const limits: ConnectionLimits & { probe: { idleMs: number; answerMs: number } } = {
  inFlight: 100,
  waiting: 1000,
  outgoingBytes: 2 ** 20,
  messageBytes: 2 ** 16,
  depth: 20,
  probe: { idleMs: 10_000, answerMs: 10_000 },
}

test('requests made together travel together, and are answered each for itself', async (t) => {
  const chunks: Buffer[] = []
  const connection = await open(t, (socket) => {
    socket.on('data', (chunk) => chunks.push(chunk))
    answerAll(socket)
  })
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => connection.request('echo', [index])))
  assert.deepEqual(
    outcomes.map((outcome) => outcome.type === 'answered' && outcome.result),
    Array.from({ length: 50 }, (_, index) => [index]),
  )
  assert.equal(chunks.length, 1)
})

test('no more requests are in flight than the limit says, and the others wait their turn', async (t) => {
  const open_: number[] = []
  let most = 0
  const connection = await open(
    t,
    (socket) =>
      readMessages(socket, (message) => {
        open_.push((message as { id: number }).id)
        most = Math.max(most, open_.length)
        setImmediate(() => socket.write(encodeResponse(open_.shift(), [])))
      }),
    { inFlight: 3 },
  )
  await Promise.all(Array.from({ length: 30 }, () => connection.request('echo', [])))
  assert.equal(most, 3)
})

test('a request made once the connection ends is never sent, and that is told before any request is settled', async (t) => {
  const connection = await open(t, (socket) => socket.once('data', () => socket.end()))
  const sent = connection.request('transact', ['db'])
  const outcomes: string[][] = []
  connection.rpc.call('transact', ['db'], 5000, () => outcomes.push([...connection.notifications]))
  assert.deepEqual(failureOf(await sent), ['closed', true])
  assert.deepEqual(outcomes, [['ending']])
  assert.deepEqual(failureOf(await connection.request('transact', ['db'])), ['closed', false])
})

test('what is too much to wait is refused at once, and nothing of it is sent', async (t) => {
  let seen = 0
  const connection = await open(t, (socket) => readMessages(socket, () => seen++), { inFlight: 2, waiting: 3 })
  const outcomes: Outcome[] = []
  for (let index = 0; index < 6; index++) connection.rpc.call('echo', [], 1000, (outcome) => outcomes.push(outcome))
  assert.equal(outcomes.length, 3)
  assert.deepEqual(outcomes.map(failureOf), Array(3).fill(['busy', false]))
  connection.rpc.destroy(new ConnectionError('closed', 'x', 'enough'))
  await connection.closed
  assert.deepEqual(outcomes.slice(3).map(failureOf), Array(3).fill(['closed', false]))
  assert.equal(seen, 0)
})

test('large requests are refused when too many bytes wait', async (t) => {
  const connection = await open(t, () => {}, { outgoingBytes: 1000 })
  const large = ['x'.repeat(600)]
  const outcomes = await Promise.all([1, 2, 3].map(() => connection.request('echo', large, 50)))
  assert.deepEqual(outcomes.map(failureOf), [
    ['timeout', true],
    ['timeout', true],
    ['busy', false],
  ])
})

test("the server's echo is answered", async (t) => {
  const answer = Promise.withResolvers<RpcMessage>()
  await open(t, (socket) => {
    readMessages(socket, answer.resolve)
    socket.write('{"id":"echo","method":"echo","params":["a"]}')
  })
  assert.deepEqual(await answer.promise, { type: 'response', id: 'echo', result: ['a'], error: null })
})

test('a silent server is asked for a sign of life, and stays connected if it gives one', async (t) => {
  const echoes: RpcMessage[] = []
  const connection = await open(
    t,
    (socket) => {
      readMessages(socket, (message) => {
        echoes.push(message)
        socket.write(encodeResponse((message as { id: number }).id, []))
        if (echoes.length === 3) socket.end(encodeNotification('done', []))
      })
    },
    { probe: { idleMs: 20, answerMs: 5000 } },
  )
  await connection.closed
  assert.deepEqual(connection.notifications, ['done', 'ending'])
  assert.deepEqual(
    echoes.map((message) => message.type === 'request' && message.method),
    ['echo', 'echo', 'echo'],
  )
})

test('a server that gives no sign of life is left', async (t) => {
  const connection = await open(t, () => {}, { probe: { idleMs: 20, answerMs: 30 } })
  const pending = connection.request('transact', ['db'])
  const reason = await connection.closed
  assert.equal(reason.failure, 'timeout')
  assert.match(reason.message, /no sign of life for 50 ms/)
  assert.deepEqual(failureOf(await pending), ['timeout', true])
})

test('a request without an answer is given up, and its transaction is cancelled on the server', async (t) => {
  const messages: RpcMessage[] = []
  const seen = Promise.withResolvers<void>()
  const connection = await open(t, (socket) =>
    readMessages(socket, (message) => {
      messages.push(message)
      if (message.type === 'notification') {
        socket.write(encodeResponse(message.params[0], ['too late']))
        seen.resolve()
      }
    }),
  )
  assert.deepEqual(failureOf(await connection.request('transact', ['db'], 20)), ['timeout', true])
  await seen.promise
  assert.deepEqual(messages[1], {
    type: 'notification',
    method: 'cancel',
    params: [(messages[0] as { id: number }).id],
  })
  assert.deepEqual(failureOf(await connection.request('echo', [], 20)), ['timeout', true])
})

test('what is not OVSDB closes the connection with the reason', async (t) => {
  const streams: [string, RegExp][] = [
    ['HTTP/1.1 400 Bad Request\r\n', /does not speak OVSDB\. Not a JSON object: "HTTP/],
    ['{"a":1}', /sent what is not JSON-RPC/],
    ['{"id":1,"result":}', /sent what is not JSON-RPC/],
    ['{"id":5,"method":"transact","params":[]}', /asked for "transact"/],
    [`{"id":1,"result":"${'x'.repeat(2 ** 16)}"}`, /larger than 65536 bytes\. Raise the limit/],
    [`{"a":${'['.repeat(50)}`, /more than 20 objects and arrays/],
  ]
  for (const [stream, message] of streams) {
    const connection = await open(t, (socket) => socket.write(stream))
    const reason = await connection.closed
    assert.equal(reason.failure, 'protocol')
    assert.match(reason.message, message)
  }
})

test('a handler that cannot use a notification closes the connection', async (t) => {
  const connection = await open(t, (socket) => socket.write(encodeNotification('bad', [])))
  const reason = await connection.closed
  assert.match(reason.message, /sent what cannot be used: bad notification/)
})

test('closing lets requests in flight be answered, and takes no more', async (t) => {
  const connection = await open(t, (socket) => answerAll(socket))
  const pending = connection.request('echo', ['last'])
  connection.rpc.close(new ConnectionError('closed', 'x', 'closing'), 5000)
  assert.deepEqual(failureOf(await connection.request('echo', [])), ['closed', false])
  const outcome = await pending
  assert.equal(outcome.type, 'answered')
  assert.equal((await connection.closed).message, 'closing')
})

test('closing does not wait longer than it may', async (t) => {
  const connection = await open(t, () => {})
  const pending = connection.request('transact', ['db'])
  connection.rpc.close(new ConnectionError('closed', 'x', 'closing'), 20)
  assert.deepEqual(failureOf(await pending), ['closed', true])
})

async function open(t: TestContext, serve: (socket: Socket) => void, more: Partial<typeof limits> = {}) {
  const { port, remote } = await startRawServer(t, serve)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  t.after(() => socket.destroy())
  const closed = Promise.withResolvers<ConnectionError>()
  const notifications: string[] = []
  const rpc = new RpcConnection(
    socket,
    remote,
    { ...limits, ...more },
    {
      onNotification: (method) => {
        if (method === 'bad') throw new Error('bad notification')
        notifications.push(method)
      },
      onEnding: () => notifications.push('ending'),
      onClosed: closed.resolve,
    },
  )
  const request = (method: string, params: readonly unknown[], timeoutMs = 5000) =>
    new Promise<Outcome>((resolve) => rpc.call(method, params, timeoutMs, resolve))
  return { rpc, request, notifications, closed: closed.promise }
}

function answerAll(socket: Socket): void {
  readMessages(socket, (message) => {
    if (message.type === 'request') socket.write(encodeResponse(message.id, message.params))
  })
}

function failureOf(outcome: Outcome): unknown {
  return outcome.type === 'lost' ? [outcome.reason.failure, outcome.sent] : 'answered'
}
