import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RawPeer } from './testing/raw-peer.ts'
import { startServer } from './testing/start-server.ts'

test('the server beats whenever it has nothing else to say', async (t) => {
  const { port } = await startServer(t, { limits: { heartBeatFloorMs: 10 } })
  const peer = await RawPeer.connect(t, port)
  peer.frame('CONNECT', 'accept-version:1.2', 'heart-beat:0,20', '', '')
  assert.equal((await peer.next()).headers['heart-beat'], '20,0')
  assert.match((await peer.chunk()).toString(), /^\n+$/)
  assert.match((await peer.chunk()).toString(), /^\n+$/)
})

test('heart-beats below the floor are raised to it', async (t) => {
  const { port } = await startServer(t)
  const peer = await RawPeer.connect(t, port)
  peer.frame('CONNECT', 'accept-version:1.2', 'heart-beat:1,2', '', '')
  assert.equal((await peer.next()).headers['heart-beat'], '1000,1000')
})

test('a client that is silent for longer than it promised is disconnected, one that beats is not', async (t) => {
  const { port, log } = await startServer(t, { limits: { heartBeatFloorMs: 10 } })
  const silent = await RawPeer.connect(t, port)
  const lively = await RawPeer.connect(t, port)
  const beats = setInterval(() => lively.socket.write('\n'), 20)
  t.after(() => clearInterval(beats))
  for (const peer of [silent, lively]) peer.frame('CONNECT', 'accept-version:1.2', 'heart-beat:200,0', '', '')
  await silent.closed()
  assert.equal((await log.find('disconnected')).reason, 'no heart-beat for 300 ms')
  lively.frame('DISCONNECT', 'receipt:1', '', '')
  assert.equal((await lively.next()).command, 'CONNECTED')
  assert.equal((await lively.next()).command, 'RECEIPT')
})

test('what came while the server was busy itself is read before a client counts as silent', async (t) => {
  const { port } = await startServer(t, { limits: { heartBeatFloorMs: 10 } })
  const peer = await RawPeer.connect(t, port)
  peer.frame('CONNECT', 'accept-version:1.2', 'heart-beat:200,0', '', '')
  assert.equal((await peer.next()).command, 'CONNECTED')
  peer.frame('DISCONNECT', 'receipt:1', '', '')
  // The process stands still for longer than the client may be silent.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
  assert.equal((await peer.next()).command, 'RECEIPT')
})

test('who sends nothing, too little, or everything but CONNECT is disconnected in time', async (t) => {
  const { port, log } = await startServer(t, { limits: { connectTimeoutMs: 50 } })
  for (const bytes of ['', 'CONN', 'SUBSCRIBE\ndestination:x\nid:1\n\n\0']) {
    log.lines.length = 0
    const peer = await RawPeer.connect(t, port)
    peer.socket.write(bytes)
    await peer.closed()
    assert.equal((await log.find('disconnected')).reason, 'no CONNECT frame within 50 ms')
  }
})

test('another protocol is disconnected at once and without an answer', async (t) => {
  const { port, log } = await startServer(t)
  const peer = await RawPeer.connect(t, port)
  peer.socket.write('GET /ovirt-engine/ HTTP/1.1\r\n\r\n')
  await peer.closed()
  assert.equal(peer.socket.bytesRead, 0)
  assert.equal((await log.find('disconnected')).reason, 'the client does not speak STOMP')
})

test('other versions, other commands and what is no STOMP get an ERROR and the end of the connection', async (t) => {
  const { port } = await startServer(t, { limits: { headerBytes: 1000, bodyBytes: 1000 } })
  const refused: [string, RegExp][] = [
    ['CONNECT\naccept-version:1.1\n\n\0', /^Version unsupported$/],
    ['CONNECT\nhost:no version\n\n\0', /^Version unsupported$/],
    ['CONNECT\naccept-version:1.2\n\n\0MESSAGE\n\n\0', /^Unknown command MESSAGE$/],
    ['SENDgarbage\nfoo\n\n\0', /does not begin with a command/],
    [`SEND\nfoo:${'x'.repeat(2000)}`, /headers are larger than 1000 bytes/],
    ['SEND\ncontent-length:1001\n\n', /body of a STOMP frame is larger than 1000 bytes/],
  ]
  for (const [bytes, text] of refused) {
    const peer = await RawPeer.connect(t, port)
    peer.socket.write(bytes)
    let frame = await peer.next()
    if (frame.command === 'CONNECTED') frame = await peer.next()
    assert.equal(frame.command, 'ERROR')
    assert.match(frame.body.toString(), text)
    await peer.closed()
  }
})

test('a client that does not read is disconnected when too much waits for it, others go on', async (t) => {
  const { server, port, log } = await startServer(t, { limits: { outgoingBytes: 256 * 1024 } })
  const [slow, quick] = [await RawPeer.connect(t, port), await RawPeer.connect(t, port)]
  for (const peer of [slow, quick]) {
    peer.frame('SUBSCRIBE', 'destination:jms.queue.events', 'id:1', '', '')
    peer.frame('CONNECT', 'accept-version:1.2', '', '')
    assert.equal((await peer.next()).command, 'CONNECTED')
  }
  slow.socket.pause()
  const filler = 'x'.repeat(256 * 1024)
  for (let event = 0; !log.lines.some(({ message }) => message === 'disconnected'); event++) {
    assert.ok(event < 1000, 'the slow client is still connected')
    server.emit('|virt|VM_status|x', { event, filler })
    assert.equal(((await quick.message()).params as { event: number }).event, event)
  }
  assert.match(String((await log.find('disconnected')).reason), /^the peer reads too slowly: \d+ bytes wait for it$/)
})

test('more connections than the limit are refused', async (t) => {
  const { port, log } = await startServer(t, { limits: { connections: 1 } })
  await RawPeer.connect(t, port)
  await (await RawPeer.connect(t, port)).closed()
  await log.find('connection refused: too many already')
})
