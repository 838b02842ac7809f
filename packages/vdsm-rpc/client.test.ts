import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connectVdsm, type VdsmClientOptions } from './client.ts'
import { VdsmError, VdsmTimeoutError, vdsmError } from './errors.ts'
import { RawPeer } from './testing/raw-peer.ts'
import { startServer } from './testing/start-server.ts'

const host = '127.0.0.1'
const never = () => new Promise(() => {})

async function connect(t: TestContext, port: number, options: Partial<VdsmClientOptions> = {}) {
  const client = await connectVdsm({ host, port, ...options })
  t.after(() => client.close())
  return client
}

/** A server that does what the test says, to be met by the client. */
async function listen(t: TestContext, onConnection: (peer: RawPeer) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    onConnection(new RawPeer(socket))
  })
  server.listen(0, host)
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as { port: number }).port
}

test('calls run side by side and each gets its own result or error', async (t) => {
  const { port } = await startServer(t, {
    methods: {
      'VM.getInfo': async ({ vmID }, { correlationId }) => ({ vmID, correlationId }),
      'VM.destroy': () => Promise.reject(vdsmError('VMIsDown')),
    },
  })
  const client = await connect(t, port)
  const calls = ['a', 'b', 'c'].map((vmID) => client.call('VM.getInfo', { vmID }, { correlationId: `flow ${vmID}:\n` }))
  assert.deepEqual(
    await Promise.all(calls),
    ['a', 'b', 'c'].map((vmID) => ({ vmID, correlationId: `flow ${vmID}:\n` })),
  )
  await assert.rejects(client.call('VM.destroy'), new VdsmError(6, 'Virtual machine is down'))
})

test('events reach every listener of every client until it has enough', async (t) => {
  const { server, port } = await startServer(t)
  const clients = [await connect(t, port), await connect(t, port)]
  const heard = clients.map((client) => new Promise((resolve) => client.onEvent(resolve)))
  const stop = clients[0]!.onEvent(() => assert.fail('called after it was unsubscribed'))
  stop()
  server.emit('|virt|VM_status|x', { x: { status: 'Up' }, notify_time: 1 })
  const expected = { method: '|virt|VM_status|x', params: { x: { status: 'Up' }, notify_time: 1 } }
  assert.deepEqual(await Promise.all(heard), [expected, expected])
})

test('a call without an answer in time fails alone; its late answer is dropped', async (t) => {
  const gate = Promise.withResolvers<void>()
  const { port } = await startServer(t, { methods: { slow: () => gate.promise, quick: async () => 1 } })
  const client = await connect(t, port)
  await assert.rejects(client.call('slow', {}, { timeoutMs: 20 }), (error) => {
    assert.ok(error instanceof VdsmTimeoutError)
    assert.deepEqual(
      [error.failure, error.method, error.timeoutMs, error.host, error.port],
      ['timeout', 'slow', 20, host, port],
    )
    assert.match(error.message, /^slow got no answer from 127\.0\.0\.1 port \d+ within 20 ms/)
    return true
  })
  gate.resolve()
  assert.equal(await client.call('quick'), 1)
})

test('a server killed in the middle of a call fails the call and ends the connection', async (t) => {
  const process = spawn('node', [new URL('testing/hanging-server.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => process.kill('SIGKILL'))
  const [printed] = await once(process.stdout, 'data', { signal: AbortSignal.timeout(30_000) })
  const client = await connect(t, Number(printed))
  const call = client.call('VM.destroy', { vmID: 'x' })
  await client.call('Host.ping2')
  process.kill('SIGKILL')
  const lost = { name: 'VdsmConnectionError', failure: 'closed', message: /was lost.*Connect again/ }
  await assert.rejects(call, lost)
  assert.ok(await client.closed)
  await assert.rejects(client.call('Host.ping2'), lost)
  await client.close()
})

test('close says goodbye, fails what has no answer, and is no error', async (t) => {
  const { port, log } = await startServer(t, { methods: { never } })
  const client = await connect(t, port)
  const call = assert.rejects(client.call('never'), { failure: 'closed', message: /was closed here/ })
  await Promise.all([client.close(), client.close()])
  await call
  assert.equal(await client.closed, undefined)
  assert.equal((await log.find('disconnected')).reason, undefined)
  await assert.rejects(client.call('never'), { failure: 'closed' })
})

test('a host that is not there is told', async (t) => {
  const { server, port } = await startServer(t)
  await server.close()
  await assert.rejects(connectVdsm({ host, port }), {
    failure: 'unreachable',
    message: `No connection to 127.0.0.1 port ${port}: refused. Is VDSM or the agent running there?`,
  })
})

test('a server that accepts and says nothing is given up', async (t) => {
  const port = await listen(t, () => {})
  await assert.rejects(connectVdsm({ host, port, connectTimeoutMs: 50 }), {
    failure: 'timeout',
    message: /set up no session within 50 ms/,
  })
})

test('a server that closes, sends an ERROR or is no STOMP server is not connected to', async (t) => {
  const answers: [string, string, RegExp][] = [
    ['', 'closed', /the host closed it\. Does it want TLS/],
    ['ERROR\n\nVersion unsupported\0', 'protocol', /sent ERROR: Version unsupported/],
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'protocol', /Is VDSM listening there/],
  ]
  for (const [answer, failure, message] of answers) {
    const port = await listen(t, (peer) => peer.socket.end(answer))
    await assert.rejects(connectVdsm({ host, port }), { name: 'VdsmConnectionError', failure, message })
  }
})

test('a server that is silent for longer than it promised is dropped', async (t) => {
  const port = await listen(t, (peer) => peer.frame('CONNECTED', 'version:1.2', 'heart-beat:20,0', '', ''))
  const client = await connect(t, port, { heartBeat: { sendEveryMs: 0, expectEveryMs: 20 } })
  const reason = await client.closed
  assert.match(String(reason?.message), /was lost: no heart-beat for 30 ms/)
})

test('the client sends the heart-beats it promised', async (t) => {
  const beats = Promise.withResolvers<void>()
  const port = await listen(t, async (peer) => {
    const { command, headers } = await peer.next()
    assert.deepEqual([command, headers['accept-version'], headers['heart-beat']], ['CONNECT', '1.2', '20,0'])
    await peer.next()
    await peer.next()
    peer.frame('CONNECTED', 'version:1.2', 'heart-beat:0,20', '', '')
    assert.match((await peer.chunk()).toString(), /^\n+$/)
    assert.match((await peer.chunk()).toString(), /^\n+$/)
    beats.resolve()
  })
  await connect(t, port, { heartBeat: { sendEveryMs: 20, expectEveryMs: 0 } })
  await beats.promise
})

test('answers that nobody waits for are ignored, what is no JSON-RPC is not', async (t) => {
  const port = await listen(t, async (peer) => {
    peer.frame('CONNECTED', 'version:1.2', '', '')
    peer.frame('MESSAGE', 'subscription:replies', '', '{"jsonrpc":"2.0","id":"someone else\'s","result":1}')
    peer.frame('MESSAGE', 'subscription:replies', '', 'not JSON')
  })
  const client = await connect(t, port)
  assert.match(String((await client.closed)?.message), /sent a MESSAGE that is no JSON-RPC 2\.0/)
})
