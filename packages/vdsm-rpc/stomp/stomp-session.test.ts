import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectLikeJava, sendLikeJava } from '../testing/java-client.ts'
import { startServer } from '../testing/start-server.ts'

test('responses and events go to every connection that listens, until it unsubscribes or goes away', async (t) => {
  const { server, port } = await startServer(t, { methods: { 'Host.ping2': async () => true } })
  const { peer: first } = await connectLikeJava(t, port)
  const { peer: second } = await connectLikeJava(t, port)
  sendLikeJava(first, { method: 'Host.ping2', id: 'r1' })
  for (const peer of [first, second]) assert.equal((await peer.message()).id, 'r1')

  const params = { notify_time: 5 }
  server.emit('|net|host_conn|no_id', params)
  for (const peer of [first, second]) {
    const { headers, body } = await peer.next()
    assert.deepEqual([headers.destination, headers.subscription], ['jms.queue.events', 'events'])
    assert.deepEqual(JSON.parse(body.toString()), { jsonrpc: '2.0', method: '|net|host_conn|no_id', params })
  }

  second.frame('UNSUBSCRIBE', 'id:events', '', '')
  second.frame('UNSUBSCRIBE', 'id:replies', '', '')
  second.frame('DISCONNECT', 'receipt:1', '', '')
  assert.equal((await second.next()).command, 'RECEIPT')
  server.emit('|net|host_conn|no_id', params)
  assert.equal((await first.message()).method, '|net|host_conn|no_id')
})

test('what clients send to each other reaches those at the destination or above it', async (t) => {
  const { port } = await startServer(t)
  const { peer } = await connectLikeJava(t, port)
  peer.frame('SUBSCRIBE', 'destination:jms.queue', 'id:above', '', '')
  peer.frame('SUBSCRIBE', 'destination:jms.queue.events.mine', 'id:below', '', '')
  peer.frame('SEND', 'destination:jms.queue.events', 'x:y', '', 'hello')
  const got = [await peer.next(), await peer.next()]
  assert.deepEqual(got.map(({ headers }) => headers.subscription).sort(), ['above', 'events'])
  assert.deepEqual([got[0]!.command, got[0]!.headers.x, got[0]!.body.toString()], ['MESSAGE', 'y', 'hello'])
})

test("mistakes get an ERROR in VDSM's words, and the client may go on", async (t) => {
  const { port } = await startServer(t, { limits: { subscriptionsPerConnection: 2 } })
  const { peer } = await connectLikeJava(t, port)
  const mistakes: [string[], string][] = [
    [['SUBSCRIBE', 'destination:x'], 'Missing destination or subscription id header'],
    [['SUBSCRIBE', 'id:x'], 'Missing destination or subscription id header'],
    [['SUBSCRIBE', 'destination:x', 'id:events'], 'Subscription id already exists'],
    [['SUBSCRIBE', 'destination:x', 'id:third'], 'Too many subscriptions'],
    [['UNSUBSCRIBE'], 'Missing id header'],
    [['SEND', 'destination:jms.queue.nobody'], 'Subscription not available'],
    [['SEND'], 'Missing destination header'],
  ]
  for (const [lines, text] of mistakes) {
    peer.frame(...lines, '', '')
    const { command, headers, body } = await peer.next()
    assert.deepEqual([command, headers.message, body.toString()], ['ERROR', text, text])
  }
})
