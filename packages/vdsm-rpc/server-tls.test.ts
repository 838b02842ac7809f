import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { before, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { connectVdsm } from './client.ts'
import { VdsmConnectionError } from './errors.ts'
import { makeIdentities } from './testing/certificates.ts'
import { RawPeer } from './testing/raw-peer.ts'
import { startServer } from './testing/start-server.ts'
import type { TlsIdentity } from './tls-identity.ts'

const methods = { 'Host.ping2': async () => undefined }
let host: TlsIdentity
let engine: TlsIdentity
let stranger: TlsIdentity

before(() => {
  ;({ host, engine } = makeIdentities('host', 'engine'))
  ;({ stranger } = makeIdentities('stranger'))
})

test('both sides with certificates of one CA talk, whatever the names in them', async (t) => {
  const { port } = await startServer(t, { methods, tls: host })
  const client = await connectVdsm({ host: '127.0.0.1', port, tls: engine })
  t.after(() => client.close())
  assert.equal(await client.call('Host.ping2'), true)
})

test('each frame has a TLS record of its own, which vdsm-jsonrpc-java needs', async (t) => {
  const { server, port } = await startServer(t, { tls: host })
  const socket = connectTls({ host: '127.0.0.1', port, ...engine, checkServerIdentity: () => undefined })
  t.after(() => socket.destroy())
  const peer = new RawPeer(socket)
  peer.frame('SUBSCRIBE', 'destination:jms.queue.events', 'id:1', '', '')
  peer.frame('CONNECT', 'accept-version:1.2', '', '')
  assert.equal((await peer.next()).command, 'CONNECTED')
  const chunks: string[] = []
  socket.on('data', (chunk) => chunks.push(String(chunk)))
  for (let n = 0; n < 5; n++) server.emit('|net|host_conn|no_id', { n })
  for (let n = 0; n < 5; n++) assert.deepEqual((await peer.message()).params, { n })
  assert.equal(chunks.length, 5)
})

test('a client with a certificate of another CA is not let in', async (t) => {
  const { port, log } = await startServer(t, { methods, tls: host })
  const tls = { ...stranger, ca: host.ca }
  await assert.rejects(connectVdsm({ host: '127.0.0.1', port, tls }), VdsmConnectionError)
  assert.match(String((await log.find('TLS refused')).reason), /UNABLE_TO_|SELF_SIGNED/)
})

test('a client without a certificate is not let in', async (t) => {
  const { port, log } = await startServer(t, { methods, tls: host })
  const peer = new RawPeer(connectTls({ host: '127.0.0.1', port, ca: host.ca, checkServerIdentity: () => undefined }))
  peer.frame('CONNECT', 'accept-version:1.2', '', '')
  await peer.closed()
  assert.equal(peer.socket.bytesRead, 0)
  assert.match(String((await log.find('TLS refused')).reason), /peer did not return a certificate/)
})

test('a client does not talk to a host whose certificate is of another CA', async (t) => {
  const { port } = await startServer(t, { methods, tls: stranger })
  await assert.rejects(connectVdsm({ host: '127.0.0.1', port, tls: engine }), {
    name: 'VdsmConnectionError',
    failure: 'tls',
    message: /^No connection to 127\.0\.0\.1 port \d+: .*Is each certificate of the CA/,
  })
})

test('TLS on one side only is told on both', async (t) => {
  const secure = await startServer(t, { methods, tls: host })
  await assert.rejects(connectVdsm({ host: '127.0.0.1', port: secure.port }), { message: /Does it want TLS/ })
  await secure.log.find('TLS refused')
  const plain = await startServer(t, { methods })
  await assert.rejects(connectVdsm({ host: '127.0.0.1', port: plain.port, tls: engine }), {
    name: 'VdsmConnectionError',
  })
})

test('a handshake that does not get on is given up', async (t) => {
  const { port, log } = await startServer(t, { methods, tls: host, limits: { connectTimeoutMs: 50 } })
  const socket = connectTcp(port, '127.0.0.1')
  await once(socket.resume(), 'close', { signal: AbortSignal.timeout(30_000) })
  assert.match(String((await log.find('TLS refused')).reason), /handshake timeout/i)
})
