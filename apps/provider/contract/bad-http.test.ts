// What is hardly HTTP: sent byte by byte over a socket, answered with a NeutronError or a closed connection.
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'

const boundMs = 3000

interface Exchange {
  /** Everything the server sent until it closed, or until the bound. */
  readonly text: string
  readonly status: number | undefined
  readonly body: any
  readonly closed: boolean
}

async function startRaw(t: TestContext) {
  const provider = await startTestProvider(t)
  const { hostname, port } = new URL(provider.url)
  /** Sends the bytes and waits for the server to close the connection; `then` may send more. */
  const exchange = (bytes: string | Buffer, waitMs = boundMs, then?: (socket: Socket) => void): Promise<Exchange> =>
    new Promise((resolve) => {
      let text = ''
      const socket = connect(Number(port), hostname, () => {
        socket.write(bytes)
        then?.(socket)
      })
      const finish = (closed: boolean) => {
        clearTimeout(timer)
        socket.destroy()
        resolve({ text, ...firstStatusAndLastBody(text), closed })
      }
      const timer = setTimeout(finish, waitMs, false)
      socket.on('data', (data) => {
        text += data
      })
      socket.on('error', () => {})
      socket.on('close', () => finish(true))
    })
  const send = (lines: readonly string[], body = '') => exchange(`${lines.join('\r\n')}\r\n\r\n${body}`)
  const names = async () => ((await provider.send('GET', '/networks')).body.networks as any[]).map(({ name }) => name)
  return { ...provider, exchange, send, names }
}

function firstStatusAndLastBody(text: string): Pick<Exchange, 'status' | 'body'> {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
  const body = text.slice(text.lastIndexOf('\r\n\r\n') + 4)
  return {
    status: status === undefined ? undefined : Number(status),
    body: body.startsWith('{') ? JSON.parse(body) : undefined,
  }
}

const host = ['Host: provider', 'Connection: close']
const post = ['POST /v2.0/networks HTTP/1.1', ...host]

const inChunks = (...parts: string[]) =>
  [...parts, ''].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')

const isRefused = ({ status, body, closed, text }: Exchange, expected: number, type: string) => {
  assert.deepEqual([status, body?.NeutronError?.type, closed], [expected, type, true], text)
  assert.ok(body.NeutronError.message.length > 10)
}

test('a Content-Length that is no number is refused', async (t) => {
  const { send, names } = await startRaw(t)
  for (const length of ['abc', '-1', '1.5', '0x10', '1, 2'])
    isRefused(await send([...post, `Content-Length: ${length}`], '{"network":{}}'), 400, 'HTTPBadRequest')
  assert.deepEqual(await names(), [])
})

test('a request whose length is told in two ways is refused, so that nobody reads it differently', async (t) => {
  const { send, names } = await startRaw(t)
  for (const lengths of [
    ['Content-Length: 14', 'Content-Length: 15'],
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
  ])
    isRefused(await send([...post, ...lengths], '{"network":{}}'), 400, 'HTTPBadRequest')
  assert.deepEqual(await names(), [])
})

test('while a body does not come, others are served; when its sender gives up, nothing is left of it', async (t) => {
  const { exchange, names, send } = await startRaw(t)
  const incomplete = [...post, 'Content-Length: 1000', '', '{"network":{"name":"half"}}'].join('\r\n')
  let waiting: Promise<Exchange> | undefined
  const sender = await new Promise<Socket>((resolve) => {
    waiting = exchange(incomplete, 10_000, resolve)
  })
  const whole = '{"network":{"name":"whole"}}'
  assert.equal((await send([...post, `Content-Length: ${whole.length}`], whole)).status, 201)
  assert.equal(
    (await send([...post, `Content-Length: ${whole.length - 1}`], whole)).status,
    400,
    'cut short, it is no JSON',
  )
  assert.deepEqual(await names(), ['whole'])
  assert.equal(sender.bytesRead, 0, 'no answer before the body is there')
  sender.end()
  assert.ok((await waiting)?.closed, 'no more can come, so the connection ends')
  assert.deepEqual(await names(), ['whole'])
})

test('what is no HTTP request is refused or cut off', async (t) => {
  const { exchange, names } = await startRaw(t)
  for (const bytes of [
    'hello world\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
    'GET\r\n\r\n',
    'GET /v2.0/networks HTTP/9.9\r\n\r\n',
    'GET /v2.0/networks\x00 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET v2.0/networks HTTP/1.1\r\nHost: x\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    '\r\n'.repeat(20_000),
  ]) {
    const { closed, status, text } = await exchange(Buffer.from(bytes, 'latin1'), boundMs, (socket) => socket.end())
    assert.ok(closed && (status === undefined || (status >= 400 && status < 500)), `${JSON.stringify(bytes)}: ${text}`)
  }
  assert.deepEqual(await names(), [])
})

test('a URL of 20,000 characters is too long, as are headers of that size', async (t) => {
  const { send } = await startRaw(t)
  const long = 'x'.repeat(20_000)
  isRefused(await send([`GET /v2.0/networks?name=${long} HTTP/1.1`, ...host]), 414, 'HTTPRequestURITooLong')
  isRefused(await send([`GET /v2.0/networks/${long} HTTP/1.1`, ...host]), 414, 'HTTPRequestURITooLong')
  isRefused(await send(['GET /v2.0/networks HTTP/1.1', ...host, `X-Auth-Token: ${long}`]), 414, 'HTTPRequestURITooLong')
})

test('a URL of 8,000 characters is not', async (t) => {
  const { send } = await startRaw(t)
  const { status, body } = await send([`GET /v2.0/networks?name=${'x'.repeat(8000)} HTTP/1.1`, ...host])
  assert.deepEqual([status, body], [200, { networks: [] }])
})

test('a path that cannot be decoded, or with an id beyond all bounds, is refused', async (t) => {
  const { send } = await startRaw(t)
  for (const path of ['/v2.0/networks/%zz', '/v2.0/networks/%', '/v2.0/networks/%ff', '/%'])
    assert.equal((await send([`GET ${path} HTTP/1.1`, ...host])).status, 400, path)
  assert.equal((await send([`GET /v2.0/networks/${'x'.repeat(600)} HTTP/1.1`, ...host])).status, 414)
})

test('such a path is refused with a NeutronError', async (t) => {
  const { send } = await startRaw(t)
  isRefused(await send(['GET /v2.0/networks/%zz HTTP/1.1', ...host]), 400, 'HTTPBadRequest')
  isRefused(await send([`GET /v2.0/networks/${'x'.repeat(600)} HTTP/1.1`, ...host]), 414, 'HTTPRequestURITooLong')
})

test('a body may come in chunks', async (t) => {
  const { send, names } = await startRaw(t)
  const chunked = [...post, 'Transfer-Encoding: chunked']
  const { status } = await send(chunked, inChunks('{"netwo', 'rk":{"name":', '"parts"}}'))
  assert.equal(status, 201)
  assert.deepEqual(await names(), ['parts'])
  isRefused(await send(chunked, inChunks('{"netwo')), 400, 'HTTPBadRequest')
  isRefused(await send(chunked, 'zz\r\n{}\r\n0\r\n\r\n'), 400, 'HTTPBadRequest')
})

test('a body of 20 MB is refused by its length, before it is read', async (t) => {
  const { send, exchange, names } = await startRaw(t)
  const announced = [...post, 'Content-Length: 20000000']
  isRefused(await send(announced), 413, 'HTTPRequestEntityTooLarge')
  const sent = await exchange(`${announced.join('\r\n')}\r\n\r\n`, boundMs, (socket) =>
    socket.write(Buffer.alloc(20_000_000, 'y')),
  )
  assert.equal(sent.closed, true)
  assert.deepEqual(await names(), [])
})

test('a body in chunks is refused when it gets too large', async (t) => {
  const { exchange } = await startRaw(t)
  const head = [...post, 'Transfer-Encoding: chunked', '', ''].join('\r\n')
  isRefused(await exchange(head + inChunks(...Array(20).fill('y'.repeat(65_536)))), 413, 'HTTPRequestEntityTooLarge')
})

test('a body just within the limit is read, one byte more is not', async (t) => {
  const { send } = await startTestProvider(t, { bodyLimitBytes: 2000 })
  const bodyOf = (bytes: number) => '{"network":{}}'.padEnd(bytes)
  assert.equal((await send('POST', '/networks', bodyOf(2000))).status, 201)
  const { status, body } = await send('POST', '/networks', bodyOf(2001))
  assert.deepEqual([status, body.NeutronError.message], [413, 'The request body is larger than 2000 bytes.'])
})

test('requests that come together on one connection are answered in their order', async (t) => {
  const { exchange } = await startRaw(t)
  const first = 'GET /v2.0/networks/a HTTP/1.1\r\nHost: x\r\n\r\n'
  const { text } = await exchange(first + ['GET /v2.0/ports HTTP/1.1', ...host, '', ''].join('\r\n'))
  assert.match(text, /^HTTP\/1\.1 404 [\s\S]*HTTP\/1\.1 200 [\s\S]*\{"ports":\[\]\}/)
})

test('a body without a Content-Type is read as JSON', async (t) => {
  const { send, names } = await startRaw(t)
  assert.equal((await send([...post, 'Content-Length: 30'], '{"network":{"name":"no type"}}')).status, 201)
  assert.deepEqual(await names(), ['no type'])
})
