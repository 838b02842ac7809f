import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeededRandom } from '../../testing/random.ts'
import { FramingError, JsonFramer } from './json-framer.ts'

const messages = [
  { id: null, method: 'update3', params: ['m', { T: { u: { insert: { name: 'brace } and { in "quotes"' } } } }] },
  { id: 'echo', method: 'echo', params: [] },
  { text: 'backslash at the end \\', more: ['\\"', '\\\\', '"', '{[', ']}'] },
  { multi: 'ü€😀 \u2028', key: { deep: [[[{}]]] } },
  {},
]
const stream = Buffer.from(messages.map((message) => JSON.stringify(message)).join(''))

function frame(chunks: Iterable<Buffer>, limits = { messageBytes: 10_000, depth: 20 }): unknown[] {
  const found: unknown[] = []
  const framer = new JsonFramer(limits, (text) => found.push(JSON.parse(text)))
  for (const chunk of chunks) framer.push(chunk)
  return found
}

test('messages are the same wherever the stream is cut in two', () => {
  for (let at = 0; at <= stream.length; at++)
    assert.deepEqual(frame([stream.subarray(0, at), stream.subarray(at)]), messages, `cut at ${at}`)
})

test('messages are the same when they come byte by byte', () => {
  assert.deepEqual(frame(Array.from(stream, (byte) => Buffer.of(byte))), messages)
})

test('messages are the same however random text is cut', () => {
  const random = new SeededRandom(20)
  const alphabet = ['"', '\\', '{', '}', '[', ']', 'a', 'é', '😀', '\n', ' ', ',', ':', '\u0000']
  const text = () => Array.from({ length: random.below(30) }, () => random.pick(alphabet)).join('')
  const value = (depth: number): unknown => {
    const kind = random.below(depth > 0 ? 4 : 2)
    if (kind === 0) return random.below(1000)
    if (kind === 1) return text()
    if (kind === 2) return Array.from({ length: random.below(4) }, () => value(depth - 1))
    return Object.fromEntries(Array.from({ length: random.below(4) }, () => [text(), value(depth - 1)]))
  }
  for (let round = 0; round < 200; round++) {
    const expected = Array.from({ length: 5 }, () => ({ value: value(4) }))
    const spaces = () => random.pick(['', '', ' ', '\n', '\r\n\t '])
    const bytes = Buffer.from(expected.map((message) => spaces() + JSON.stringify(message) + spaces()).join(''))
    assert.deepEqual(frame(cut(bytes, random)), expected, `round ${round}`)
  }
})

test('a message may be as large and as deep as the limits say, and no more', () => {
  const limits = { messageBytes: 20, depth: 3 }
  assert.deepEqual(frame([Buffer.from('{"a":"0123456789ab"}')], limits), [{ a: '0123456789ab' }])
  assert.deepEqual(frame([Buffer.from('{"a":[[]]}')], limits), [{ a: [[]] }])
  assert.throws(() => frame([Buffer.from('{"a":"0123456789abc"}')], limits), isFault('too-large'))
  assert.throws(() => frame([Buffer.from('{"a":[[[')], limits), isFault('too-deep'))
})

test('a message that never ends is given up at the limit', () => {
  const endless = Array.from({ length: 5 }, (_, index) => Buffer.from(index === 0 ? '{"a":"' : '12345678'))
  assert.throws(() => frame(endless, { messageBytes: 20, depth: 3 }), isFault('too-large'))
})

test('limits are for each message alone', () => {
  const many = Buffer.from('{"a":"0123456789"}'.repeat(100))
  assert.equal(frame([many], { messageBytes: 20, depth: 3 }).length, 100)
})

test('what does not begin with an object is no OVSDB', () => {
  for (const text of ['HTTP/1.1 400 Bad Request', '[1]', '{}x', '\u0016\u0003\u0001', '"{}"'])
    assert.throws(() => frame([Buffer.from(text, 'latin1')]), isFault('garbage'), text)
})

function* cut(bytes: Buffer, random: SeededRandom): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(random.pick([1, 5, 50]))
    yield bytes.subarray(at, end)
    at = end
  }
}

function isFault(fault: FramingError['fault']) {
  return (error: unknown) => error instanceof FramingError && error.fault === fault
}
