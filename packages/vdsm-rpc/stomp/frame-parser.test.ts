import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FrameParser } from './frame-parser.ts'
import { encodeFrame, type Frame, StompError } from './stomp-frame.ts'

const limits = { headerBytes: 200, bodyBytes: 100 }

test('frames come out the same wherever the bytes are cut', () => {
  const bytes = Buffer.concat([
    Buffer.from('\n\r\nCONNECT\r\naccept-version:1.2\r\nhost:h\r\n\r\n\0\r\n\n'),
    encodeFrame('SEND', { destination: 'a\\:b' }, 'with \0 and ünïcode'),
    Buffer.from('SEND\nfoo:bar\n\nup to NUL\0\n\nDISCONNECT\n\n\0'),
  ])
  const whole = read([bytes])
  assert.deepEqual(
    whole.map(({ command, headers, body }) => [command, { ...headers }, body.toString()]),
    [
      ['CONNECT', { 'accept-version': '1.2', host: 'h' }, ''],
      ['SEND', { destination: 'a\\:b', 'content-length': '20' }, 'with \0 and ünïcode'],
      ['SEND', { foo: 'bar' }, 'up to NUL'],
      ['DISCONNECT', {}, ''],
    ],
  )
  for (let cut = 1; cut < bytes.length; cut++)
    assert.deepEqual(read([bytes.subarray(0, cut), bytes.subarray(cut)]), whole, `cut at ${cut}`)
  assert.deepEqual(read([...bytes].map((byte) => Buffer.of(byte))), whole)
})

test('of repeated headers the first counts', () => {
  assert.equal(read([Buffer.from('SEND\nfoo:1\nfoo:2\n\n\0')])[0]!.headers.foo, '1')
})

test('a header may be empty, hold raw colons, or be called like a property of objects', () => {
  const { headers } = read([Buffer.from('SEND\nempty:\nid:a:b\n__proto__:x\nconstructor:y\n\n\0')])[0]!
  assert.deepEqual(Object.entries(headers), [
    ['empty', ''],
    ['id', 'a:b'],
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

test('the headers of CONNECT and CONNECTED are taken as they are', () => {
  assert.equal(read([Buffer.from('CONNECT\nhost:a\\tb\n\n\0')])[0]!.headers.host, 'a\\tb')
})

test('heart-beats alone make no frame', () => {
  assert.deepEqual(read(Array(1000).fill(Buffer.from('\n\r\n'))), [])
})

test('headers and bodies up to the limits pass, larger ones are refused before they are complete', () => {
  const header = (bytes: number) => `SEND\nfoo:${'x'.repeat(bytes - 'SEND\nfoo:'.length)}`
  assert.equal(read([Buffer.from(`${header(200)}\n\n\0`)]).length, 1)
  refuses(header(201), 'too-large')
  refuses(`${header(201)}\n\n\0`, 'too-large')
  assert.equal(read([Buffer.from(`SEND\n\n${'x'.repeat(100)}\0`)])[0]!.body.length, 100)
  refuses(`SEND\n\n${'x'.repeat(101)}`, 'too-large')
  refuses(`SEND\n\n${'x'.repeat(101)}\0`, 'too-large')
  refuses('SEND\ncontent-length:101\n\n', 'too-large')
})

test('what is no STOMP is refused', () => {
  refuses('GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'malformed')
  refuses('SEND\nno colon\n\n', 'malformed')
  refuses('SEND\n:no name\n\n', 'malformed')
  refuses('SEND\nfoo:\\t\n\n', 'malformed')
  refuses('SEND\ncontent-length:-1\n\n', 'malformed')
  refuses('SEND\ncontent-length:0x10\n\n', 'malformed')
  refuses('SEND\ncontent-length:1\n\nab', 'malformed')
})

test('random bytes and damaged frames give frames or a StompError, nothing else', () => {
  const random = seeded(20_240_601)
  const pieces = [
    'SEND\n',
    'content-length:3\n',
    'foo:bar\n',
    '\n',
    '\r\n',
    '\0',
    'abc',
    '\\',
    ':',
    '\x80\xff',
    'CONNECT\n',
  ]
  for (let round = 0; round < 3000; round++) {
    const noise = () => Buffer.from(Array.from({ length: random(30) }, () => random(256)))
    const bytes = Buffer.concat(
      Array.from({ length: 1 + random(12) }, () => (random(4) ? Buffer.from(pieces[random(pieces.length)]!) : noise())),
    )
    const cut = random(bytes.length + 1)
    try {
      read([bytes.subarray(0, cut), bytes.subarray(cut)])
    } catch (error) {
      assert.ok(error instanceof StompError, `${bytes.toString('hex')}: ${error}`)
    }
  }
})

function read(chunks: Buffer[]): Frame[] {
  const frames: Frame[] = []
  const parser = new FrameParser(limits, (frame) => frames.push(frame))
  for (const chunk of chunks) parser.push(chunk)
  return frames
}

function refuses(bytes: string, problem: StompError['problem']): void {
  assert.throws(() => read([Buffer.from(bytes)]), { name: 'StompError', problem }, bytes)
}

/** Numbers below `limit`, the same in every run. */
function seeded(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
