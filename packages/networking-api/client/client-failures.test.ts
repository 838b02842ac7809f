// What a client tells an administrator when the provider fails it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { clientOf, failureOf, json, listening, serve } from '../testing/served.ts'
import type { ProviderError } from './provider-error.ts'

const certificates = { key: '', cert: '', other: '' }

before(() => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-certificates-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const make = (name: string, address: string) => {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -addext subjectAltName=IP:${address} -keyout ${key} -out ${cert}`.split(
        ' ',
      ),
      { stdio: 'pipe', timeout: 10_000 },
    )
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  }
  Object.assign(certificates, make('provider', '127.0.0.1'), { other: make('other', '192.0.2.1').cert })
})

const serveTls = async (t: TestContext, answer: RequestListener) =>
  (await listening(t, createTlsServer({ key: certificates.key, cert: certificates.cert }, answer) as Server)).replace(
    'http',
    'https',
  )

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createSocketServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a provider that is not running: the text asks for host and port', async (t) => {
  const url = `http://127.0.0.1:${await freePort()}`
  const { message } = await failureOf(clientOf(t, url).test(), 'unreachable', `${url}/v2.0/`)
  assert.match(message, /refused the connection.*running.*port/)
})

test('a host name that does not exist: the text says so', async (t) => {
  const url = 'http://host.invalid:9696'
  // Where name servers do not answer, the resolver takes its time.
  const { message } = await failureOf(clientOf(t, url, { timeoutMs: 30_000 }).test(), 'unreachable', url)
  assert.match(message, /cannot be resolved/)
})

test('a URL that is none is told apart from a provider that is down', async (t) => {
  for (const url of ['not a url', 'ftp://host:21', '127.0.0.1:9696', 'http://host:99999', '']) {
    const { message } = await failureOf(clientOf(t, url).networks.list(), 'unreachable', url)
    assert.match(message, /not a usable URL/)
  }
})

test('a provider that never answers, or stops in the middle of its answer, is given up after the bound', async (t) => {
  for (const answer of [
    () => {},
    (_: unknown, response: ServerResponse) => response.writeHead(200, { 'content-length': '99' }).write('{"networks":'),
  ]) {
    const url = await serve(t, answer as RequestListener)
    const start = performance.now()
    const { message } = await failureOf(clientOf(t, url, { timeoutMs: 200 }).networks.list(), 'timeout', url)
    assert.ok(performance.now() - start < 3000)
    assert.match(message, /within 0\.2 s/)
  }
})

test('a kept connection that is closed in the moment of its use costs nothing where only is asked', async (t) => {
  const asked: string[] = []
  const url = await serve(t, (request, response) => {
    asked.push(request.method!)
    if (asked.length % 2 === 0) request.socket.destroy()
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"networks":[]}')
  })
  const client = clientOf(t, url)
  await client.networks.list()
  await nextTurn() // The connection is free for the next one then.
  await client.networks.list()
  assert.deepEqual(asked, ['GET', 'GET', 'GET'])
  await nextTurn()
  const { message } = await failureOf(client.networks.create({ name: 'blue' }), 'unreachable', url)
  assert.match(message, /connection to .* failed/)
  assert.deepEqual(asked, ['GET', 'GET', 'GET', 'POST'])
})

test('a connection that is cut, before or within the answer, is told as such', async (t) => {
  for (const answer of [
    (request: IncomingMessage) => request.socket.destroy(),
    (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '99' }).write('{"networks":', () => response.socket?.destroy())
    },
    (request: IncomingMessage) => request.socket.resetAndDestroy(),
  ]) {
    const url = await serve(t, answer as RequestListener)
    const { message } = await failureOf(clientOf(t, url).networks.list(), 'unreachable', url)
    assert.match(message, /connection to .* failed/)
  }
})

test('https to a plain port: the text says to check http against https', async (t) => {
  const url = (await serve(t, (_, response) => json(response, 200, {}))).replace('http', 'https')
  const { message } = await failureOf(clientOf(t, url).test(), 'tls', url)
  assert.match(message, /http against https/)
})

test('http to a TLS port: the text says to check http against https', async (t) => {
  const url = (await serveTls(t, (_, response) => json(response, 200, {}))).replace('https', 'http')
  const { message } = await failureOf(clientOf(t, url).test(), 'unreachable', url)
  assert.match(message, /http against https/)
})

test('a server that does not speak HTTP at all is told as such', async (t) => {
  const server = createSocketServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n'))
  const url = await listening(t, server as unknown as Server)
  const { message } = await failureOf(clientOf(t, url).test(), 'malformed', url)
  assert.match(message, /did not answer in HTTP/)
})

test('a certificate of an unknown CA, or for another host, is refused; a trusted one is taken', async (t) => {
  const url = await serveTls(t, (_, response) => json(response, 200, {}))
  for (const options of [{}, { ca: certificates.other }]) {
    const { message } = await failureOf(clientOf(t, url, options).test(), 'tls', url)
    assert.match(message, /CA is trusted/)
  }
  await clientOf(t, url, { ca: certificates.cert }).test()
  const named = url.replace('127.0.0.1', 'localhost')
  await failureOf(clientOf(t, named, { ca: certificates.cert }).test(), 'tls', named)
})

test('a page instead of JSON asks whether the URL is right', async (t) => {
  const url = await serve(t, (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>'),
  )
  const { message } = await failureOf(clientOf(t, url).networks.list(), 'malformed', `${url}/v2.0/networks`)
  assert.match(message, /not in JSON/)
})

test('a page from a gateway in front of the provider gives its status', async (t) => {
  const url = await serve(t, (_, response) => response.writeHead(502).end('<html>Bad Gateway</html>'))
  const error = await failureOf(clientOf(t, url).networks.list(), 'rejected', url)
  assert.equal(error.status, 502)
  assert.match(error.message, /502/)
})

test('a redirect is not followed, so that no token goes to another host', async (t) => {
  let visits = 0
  const elsewhere = await serve(t, (_, response) => json(response, 200, { visits: ++visits }))
  const url = await serve(t, (_, response) => response.writeHead(302, { location: elsewhere }).end())
  assert.equal((await failureOf(clientOf(t, url).test(), 'rejected', url)).status, 302)
  assert.equal(visits, 0)
})

test('an answer of another shape than the API promises is malformed, never a crash', async (t) => {
  for (const body of [
    null,
    [],
    'x',
    5,
    {},
    { network: {} },
    { networks: {} },
    { networks: null },
    { networks: [null] },
    { networks: ['x'] },
    { networks: [{}] },
  ]) {
    const shaped = await serve(t, (_, response) => json(response, 200, body))
    const client = clientOf(t, shaped)
    await failureOf(client.networks.list(), 'malformed', `${shaped}/v2.0/networks`)
    await failureOf(client.networks.list({ name: 'x' }), 'malformed', `${shaped}/v2.0/networks`)
    await failureOf(client.networks.get('a'), 'malformed', `${shaped}/v2.0/networks`)
    await failureOf(client.networks.create({}), 'malformed', `${shaped}/v2.0/networks`)
  }
  for (const body of [null, [], 'x', 5]) {
    const url = await serve(t, (_, response) => json(response, 200, body))
    await failureOf(clientOf(t, url).test(), 'malformed', url)
  }
})

test('a refusal carries the status, the type and the words of any of the known providers', async (t) => {
  for (const [body, type, words] of [
    [
      { NeutronError: { type: 'NetworkInUse', message: 'There are ports.', detail: '' } },
      'NetworkInUse',
      'There are ports.',
    ],
    [{ NeutronError: 'Old Neutron.' }, undefined, 'Old Neutron.'],
    [{ error: { code: 409, title: 'Conflict', message: 'Of provider-ovn.' } }, 'Conflict', 'Of provider-ovn.'],
    [{ NeutronError: null }, undefined, ''],
    [{ error: [] }, undefined, ''],
    ['text', undefined, ''],
    [undefined, undefined, ''],
  ] as const) {
    const url = await serve(t, (_, response) => json(response, 409, body))
    await assert.rejects(clientOf(t, url).networks.remove('a'), (error: ProviderError) => {
      assert.deepEqual([error.failure, error.status, error.type], ['rejected', 409, type])
      return error.message.includes(`${url}/v2.0/networks/a`) && error.message.includes(words)
    })
  }
})
