import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from './calls/call-dispatcher.ts'
import { vdsmError } from './errors.ts'
import { connectLikeJava, javaReplies, sendLikeJava } from './testing/java-client.ts'
import { RawPeer } from './testing/raw-peer.ts'
import { startServer } from './testing/start-server.ts'

test('a client like the engine calls a verb and gets a MESSAGE on its queue', async (t) => {
  const calls: [unknown, Call][] = []
  const echo = async (params: unknown, call: Call) => {
    calls.push([params, call])
    return { devices: [] }
  }
  const { port } = await startServer(t, { methods: { 'VM.hotplugNic': echo } })
  const { peer, connected } = await connectLikeJava(t, port, '30000,15000')
  assert.deepEqual(
    [connected.command, { ...connected.headers }],
    ['CONNECTED', { version: '1.2', 'heart-beat': '15000,30000' }],
  )

  sendLikeJava(peer, { method: 'VM.hotplugNic', params: { vmID: 'x' }, id: 'r1' }, 'ovirtCorrelationId:flow:1')
  const { command, headers, body } = await peer.next()
  assert.equal(command, 'MESSAGE')
  assert.deepEqual(
    { ...headers },
    {
      destination: javaReplies,
      'content-type': 'application/json',
      subscription: 'replies',
      'content-length': String(body.length),
    },
  )
  assert.deepEqual(JSON.parse(body.toString()), { jsonrpc: '2.0', id: 'r1', result: { devices: [] } })
  assert.deepEqual(calls, [[{ vmID: 'x' }, { peer: `127.0.0.1:${peer.socket.localPort}`, correlationId: 'flow:1' }]])
})

test("a client like VDSM's own wraps its request in an array and gets a bare response on its queue", async (t) => {
  const { port } = await startServer(t, { methods: { 'Host.ping2': async () => undefined } })
  const peer = await RawPeer.connect(t, port)
  peer.frame('CONNECT', 'accept-version:1.2', 'heart-beat:0,24000', '', '')
  peer.frame('SUBSCRIBE', 'destination:3f2a', 'ack:auto', 'id:s1', '', '')
  const body = '[{"jsonrpc": "2.0", "method": "Host.ping2", "params": {}, "id": "r1"}]'
  const to = ['destination:jms.topic.vdsm_requests', 'content-type:application/json', 'reply-to:3f2a']
  peer.frame('SEND', ...to, `content-length:${body.length}`, '', body)
  assert.equal((await peer.next()).headers['heart-beat'], '24000,0')
  assert.deepEqual(await peer.message(), { jsonrpc: '2.0', id: 'r1', result: true })

  peer.frame('UNSUBSCRIBE', 'id:s1', '', '')
  peer.frame('DISCONNECT', 'receipt:bye', '', '')
  const { command, headers } = await peer.next()
  assert.deepEqual([command, { ...headers }], ['RECEIPT', { 'receipt-id': 'bye' }])
  await peer.closed()
})

test('a failing verb answers its code and text, an unforeseen failure no detail but a line in the log', async (t) => {
  const { port, log } = await startServer(t, {
    methods: {
      'VM.create': () => Promise.reject(vdsmError('NoSuchVM', { vmId: 'x' })),
      'VM.destroy': () => Promise.reject(new Error('secret')),
      'VM.getStats': async () => 1n,
    },
  })
  const { peer } = await connectLikeJava(t, port)
  const errorOf = async (method: string) => {
    sendLikeJava(peer, { method, id: 1 }, 'ovirtCorrelationId:flow')
    return (await peer.message()).error as { code: number; message: string }
  }
  assert.deepEqual(await errorOf('VM.create'), { code: 1, message: "Virtual machine does not exist: {'vmId': 'x'}" })
  assert.equal((await errorOf('VM.getStats')).code, -32603)
  const internal = await errorOf('VM.destroy')
  assert.equal(internal.code, -32603)
  assert.doesNotMatch(internal.message, /secret/)
  const logged = log.lines.filter((line) => line.level === 'error' && line.details.method === 'VM.destroy')
  assert.equal(logged.length, 1)
  assert.equal(logged[0]!.details.correlationId, 'flow')
  assert.match(String(logged[0]!.details.err), /secret/)
})

test('unknown verbs and what is no request are answered with the codes of JSON-RPC', async (t) => {
  const { port } = await startServer(t)
  const { peer } = await connectLikeJava(t, port)
  for (const method of ['VM.fly', 'constructor']) {
    sendLikeJava(peer, { method, id: 1 })
    const message = `The method does not exist or is not available: {'method': '${method}'}`
    assert.deepEqual(await peer.message(), { jsonrpc: '2.0', id: 1, error: { code: -32601, message } })
  }
  for (const [body, code] of [
    ['{"jsonrpc', -32700],
    ['{}', -32600],
    ['[]', -32600],
  ] as const) {
    peer.frame('SEND', 'destination:jms.topic.vdsm_irs_requests.x', `reply-to:${javaReplies}`, '', body)
    const { id, error } = await peer.message()
    assert.deepEqual([id, (error as { code: number }).code], [null, code])
  }
})

test('parameters in a list get their names, as far as the server knows them', async (t) => {
  const { port } = await startServer(t, {
    methods: { 'VM.destroy': async (params) => params, 'Host.ping2': async (params) => params },
    positions: { 'VM.destroy': ['vmID', 'gracefulAttempts'] },
  })
  const { peer } = await connectLikeJava(t, port)
  const answer = (method: string, params: unknown[]) => {
    sendLikeJava(peer, { method, params, id: 1 })
    return peer.message()
  }
  assert.deepEqual((await answer('VM.destroy', ['x'])).result, { vmID: 'x' })
  assert.deepEqual((await answer('Host.ping2', [])).result, {})
  const message = "Invalid method parameter(s): {'reason': '1 by position, at most 0 are known'}"
  assert.deepEqual((await answer('Host.ping2', [1])).error, { code: -32602, message })
})

test('a notification is carried out and not answered, nor is a request that does not say where to', async (t) => {
  const seen: string[] = []
  const { port } = await startServer(t, { methods: { note: async ({ n }) => seen.push(String(n)) } })
  const { peer } = await connectLikeJava(t, port)
  sendLikeJava(peer, { method: 'note', params: { n: 1 } })
  peer.frame(
    'SEND',
    'destination:jms.topic.vdsm_requests',
    '',
    '{"jsonrpc":"2.0","method":"note","params":{"n":2},"id":1}',
  )
  sendLikeJava(peer, { method: 'note', params: { n: 3 }, id: 'last' })
  assert.equal((await peer.message()).id, 'last')
  assert.deepEqual(seen, ['1', '2', '3'])
})

test('more calls than workers and queue can take fail with code 1100, the others are answered', async (t) => {
  const gate = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  const slow = async () => {
    most = Math.max(most, ++running)
    await gate.promise
    running--
  }
  const { port } = await startServer(t, { methods: { slow }, limits: { workers: 2, queuedCalls: 3 } })
  const { peer } = await connectLikeJava(t, port)
  for (let id = 1; id <= 6; id++) sendLikeJava(peer, { method: 'slow', id })
  const message = "Not enough resources: {'resource': 'jsonrpc', 'current_tasks': 3, 'reason': 'Too many tasks'}"
  assert.deepEqual(await peer.message(), { jsonrpc: '2.0', id: 6, error: { code: 1100, message } })
  gate.resolve()
  for (let id = 1; id <= 5; id++) assert.equal((await peer.message()).result, true)
  assert.equal(most, 2)
})

test('close lets running calls answer, takes no new ones, and then says goodbye', async (t) => {
  const started = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<string>()
  const slow = () => {
    started.resolve()
    return gate.promise
  }
  const { server, port } = await startServer(t, { methods: { slow }, limits: { closeTimeoutMs: 5000 } })
  const { peer } = await connectLikeJava(t, port)
  sendLikeJava(peer, { method: 'slow', id: 'r1' })
  await started.promise
  const closed = server.close()
  sendLikeJava(peer, { method: 'slow', id: 'r2' })
  const refused = await peer.message()
  assert.deepEqual([refused.id, (refused.error as { code: number }).code], ['r2', 1100])
  gate.resolve('done')
  assert.deepEqual(await peer.message(), { jsonrpc: '2.0', id: 'r1', result: 'done' })
  await peer.closed()
  await closed
})

test('close does not wait for a call that never ends', async (t) => {
  const { server, port, log } = await startServer(t, { methods: { hang: () => new Promise(() => {}) } })
  const { peer } = await connectLikeJava(t, port)
  sendLikeJava(peer, { method: 'hang', id: 'r1' })
  await log.find('connected')
  await server.close()
  await peer.closed()
})

test('a port that is taken is told', async (t) => {
  const { port } = await startServer(t)
  await assert.rejects(startServer(t, {}, port), /Cannot listen: .*EADDRINUSE.* choose another one/)
})
