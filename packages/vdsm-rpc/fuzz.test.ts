// What a client may send that is nearly right, or not at all: seeded, so that each run sends the same.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeededRandom } from '@patchbay/ovsdb/testing/random.ts'
import { parseRequest } from './calls/json-rpc.ts'
import { VdsmError } from './errors.ts'
import { FrameParser } from './stomp/frame-parser.ts'
import { encodeFrame, StompError } from './stomp/stomp-frame.ts'
import { connectLikeJava, sendLikeJava } from './testing/java-client.ts'
import { cut, mutated } from './testing/mutations.ts'
import { RawPeer } from './testing/raw-peer.ts'
import { startServer } from './testing/start-server.ts'

const limits = { headerBytes: 400, bodyBytes: 400 }
const request = (id: number, params: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'Host.ping2', params })
const send = (body: string) =>
  encodeFrame('SEND', { destination: 'jms.topic.vdsm_requests', 'reply-to': 'replies', ovirtCorrelationId: 'a' }, body)
const session = Buffer.concat([
  encodeFrame('CONNECT', { 'accept-version': '1.2', host: 'h', 'heart-beat': '0,0' }),
  encodeFrame('SUBSCRIBE', { destination: 'replies', id: '1', ack: 'auto' }),
  send(request(1)),
  Buffer.from('\n\r\n'),
  send(`[${request(2, { vmID: 'x' })}]`),
  encodeFrame('UNSUBSCRIBE', { id: '1' }),
  encodeFrame('DISCONNECT', { receipt: '2' }),
])
const stompWords = [
  ...['\0', '\n', '\n\n', '\r\n', ':', '\\', '\\c', '\u{feff}', '__proto__:x\n', 'SEND\n', 'CONNECT\n', 'BEGIN\n\n\0'],
  ...['content-length:0\n', 'content-length:7\n', 'content-length:999999999999999\n', 'content-length:-1\n'],
]

/** What comes of a stream: its frames, and how it ended. */
function outcome(pieces: readonly Buffer[]): string {
  const frames: string[] = []
  const parser = new FrameParser(limits, (frame) => frames.push(JSON.stringify(frame)))
  try {
    for (const piece of pieces) parser.push(piece)
    return [...frames, 'goes on'].join('\n')
  } catch (error) {
    if (!(error instanceof StompError)) throw error
    return [...frames, error.problem].join('\n')
  }
}

test('whatever is sent makes frames or a StompError, and the same wherever it is cut', () => {
  const random = new SeededRandom(1)
  const seen = new Set<string>()
  for (let n = 0; n < 4000; n++) {
    const bytes = mutated(random, session, stompWords)
    const whole = outcome([bytes])
    assert.equal(outcome(cut(random, bytes)), whole, `bytes ${n}: ${bytes.toString('base64')}`)
    seen.add(whole.split('\n').at(-1)!)
  }
  assert.deepEqual([...seen].sort(), ['goes on', 'malformed', 'too-large'])
})

test('whatever is in a request is a request or an error of VDSM', () => {
  const random = new SeededRandom(2)
  const words = ['[', ']', '{', '}', '"', ':', ',', 'null', '1e999', '-', '"__proto__":{},', '\\u0000', '\u{d800}']
  for (let n = 0; n < 4000; n++) {
    const body = mutated(random, Buffer.from(request(1, { vmID: 'x', params: [1, { a: null }] })), words)
    try {
      assert.equal(typeof parseRequest(body).method, 'string')
    } catch (error) {
      assert.ok(error instanceof VdsmError, `body ${n}: ${body}: ${error}`)
    }
  }
})

test('requests nested as deeply as a frame can hold get an answer', async (t) => {
  const { port } = await startServer(t, { methods: { 'Host.ping2': async () => true } })
  const { peer } = await connectLikeJava(t, port)
  const deep = 400_000
  for (const body of ['['.repeat(deep), '['.repeat(deep) + ']'.repeat(deep), '{"a":'.repeat(deep)]) {
    const to = ['destination:jms.topic.vdsm_requests', 'reply-to:jms.topic.vdsm_responses']
    peer.frame('SEND', ...to, `content-length:${body.length}`, '', body)
    const { error } = (await peer.message()) as { error: { code: number } }
    assert.ok([-32700, -32600].includes(error.code), String(error.code))
  }
  sendLikeJava(peer, { method: 'Host.ping2', id: 1 })
  assert.equal((await peer.message()).result, true)
})

test('a server that was sent all of it serves the next client, and holds no memory of it', async (t) => {
  const { port, log } = await startServer(t, { limits, methods: { 'Host.ping2': async () => true } })
  const random = new SeededRandom(3)
  for (let round = 0; round < 20; round++) {
    const peers = await Promise.all(Array.from({ length: 20 }, () => RawPeer.connect(t, port)))
    for (const peer of peers) {
      for (const piece of cut(random, mutated(random, session, stompWords))) peer.socket.write(piece)
      peer.socket.end()
    }
    await Promise.all(peers.map((peer) => peer.closed()))
    log.lines.length = 0
  }
  const { peer } = await connectLikeJava(t, port)
  sendLikeJava(peer, { method: 'Host.ping2', id: 1 })
  assert.equal((await peer.message()).result, true)
})
