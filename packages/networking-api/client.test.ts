// What a client of a provider does, and what it tells an administrator when the provider fails it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createNetworkingClient, type NetworkingClient } from './client.ts'
import { createHttpClient, type HttpClientOptions } from './http-client.ts'
import { createTokenSource } from './identity-client.ts'
import { ProviderError, type ProviderFailure } from './provider-error.ts'

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

async function listening(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections?.()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = (t: TestContext, answer: RequestListener) => listening(t, createServer(answer))
const serveTls = async (t: TestContext, answer: RequestListener) =>
  (await listening(t, createTlsServer({ key: certificates.key, cert: certificates.cert }, answer) as Server)).replace(
    'http',
    'https',
  )

function clientOf(t: TestContext, url: string, options: HttpClientOptions = {}): NetworkingClient {
  const http = createHttpClient({ timeoutMs: 5000, ...options })
  t.after(() => http.close())
  return createNetworkingClient(http, url)
}

const json = (response: ServerResponse, status: number, body?: unknown) =>
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(body === undefined ? undefined : JSON.stringify(body))

async function bodyOf(request: IncomingMessage): Promise<any> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text === '' ? undefined : JSON.parse(text)
}

/** The error of a call that must fail so; every one names its URL and ends in something to do. */
async function failureOf(call: Promise<unknown>, failure: ProviderFailure, url: string): Promise<ProviderError> {
  const error = await call.then(
    (value) => assert.fail(`answered ${JSON.stringify(value)}`),
    (reason) => reason as unknown,
  )
  assert.ok(error instanceof ProviderError, String(error))
  assert.equal(error.failure, failure, error.message)
  assert.ok(error.message.includes(url), `${error.message} does not name ${url}`)
  assert.match(error.message, /\?$|Check |Try |It should |Ask /, 'says what to do next')
  return error
}

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

test('a resource goes out under its own name and comes back without it', async (t) => {
  const seen: unknown[] = []
  const url = await serve(t, async (request, response) => {
    seen.push([
      request.method,
      request.url,
      request.headers.accept,
      request.headers['content-type'],
      await bodyOf(request),
    ])
    if (request.method === 'DELETE') return void json(response, request.url!.endsWith('gone') ? 404 : 204)
    json(response, request.method === 'POST' ? 201 : 200, { port: { id: 'p' } })
  })
  const { ports } = clientOf(t, `${url}/`)
  assert.deepEqual(await ports.create({ name: 'nic1' }), { id: 'p' })
  assert.deepEqual(await ports.update('p', { 'binding:host_id': 'h' }), { id: 'p' })
  assert.deepEqual(await ports.get('p'), { id: 'p' })
  assert.deepEqual([await ports.remove('p'), await ports.remove('gone')], [true, false])
  const type = 'application/json'
  assert.deepEqual(seen, [
    ['POST', '/v2.0/ports', type, type, { port: { name: 'nic1' } }],
    ['PUT', '/v2.0/ports/p', type, type, { port: { 'binding:host_id': 'h' } }],
    ['GET', '/v2.0/ports/p', type, undefined, undefined],
    ['DELETE', '/v2.0/ports/p', type, undefined, undefined],
    ['DELETE', '/v2.0/ports/gone', type, undefined, undefined],
  ])
})

test('an id is one segment of the path, whatever is in it', async (t) => {
  const paths: (string | undefined)[] = []
  const url = await serve(t, (request, response) => json(response, 404, paths.push(request.url)))
  const { ports } = clientOf(t, url)
  for (const id of ['a/b', 'a?b', 'a#b', '%2e', 'a b', 'ž', '../networks', 'a%00']) await ports.remove(id)
  assert.deepEqual(paths, [
    '/v2.0/ports/a%2Fb',
    '/v2.0/ports/a%3Fb',
    '/v2.0/ports/a%23b',
    '/v2.0/ports/%252e',
    '/v2.0/ports/a%20b',
    '/v2.0/ports/%C5%BE',
    '/v2.0/ports/..%2Fnetworks',
    '/v2.0/ports/a%2500',
  ])
})

test('an id that cannot be a segment of a path is one that no resource has, and no request is made', async (t) => {
  let requests = 0
  const url = await serve(t, (_, response) => json(response, 200, { requests: ++requests }))
  const { ports } = clientOf(t, url)
  for (const id of ['', '.', '..']) {
    assert.equal(await ports.remove(id), false)
    await assert.rejects(ports.get(id), { name: 'ProviderError', status: 404 })
  }
  assert.equal(requests, 0)
})

test('a list is filtered, also by a provider that ignores filters', async (t) => {
  const ports = [
    {
      id: 'a',
      name: 'p1',
      admin_state_up: true,
      mac_address: '02:19:34:ab:cd:ef',
      fixed_ips: [{ subnet_id: 's', ip_address: '10.0.0.9' }],
    },
    { id: 'b', name: 'p2', admin_state_up: false, mac_address: '02:19:34:00:00:01', fixed_ips: [] },
    { id: 'c' },
  ]
  const urls: (string | undefined)[] = []
  const url = await serve(t, (request, response) => json(response, 200, { ports, seen: urls.push(request.url) }))
  const client = clientOf(t, url)
  const ids = async (filters: Parameters<typeof client.ports.list>[0]) =>
    (await client.ports.list(filters)).map(({ id }) => id)
  assert.deepEqual(await ids({}), ['a', 'b', 'c'])
  assert.deepEqual(await ids({ name: 'p1' }), ['a'])
  assert.deepEqual(await ids({ name: '' }), ['c'])
  assert.deepEqual(await ids({ name: 'p1', device_id: 'x' }), [])
  assert.deepEqual(await ids({ admin_state_up: 'False' }), ['b'])
  assert.deepEqual(await ids({ mac_address: '02:19:34:AB:CD:EF' }), ['a'])
  assert.deepEqual(await ids({ fixed_ips: 'subnet_id=s' }), ['a'])
  assert.deepEqual(await ids({ name: undefined, id: 'b' }), ['b'])
  assert.deepEqual(urls.slice(0, 2), ['/v2.0/ports', '/v2.0/ports?name=p1'])
})

for (const [what, limits, requests] of [
  ['knows of pages', true, [2, 2, 1]],
  ['does not know of pages', false, [5]],
] as const)
  test(`a list is read page by page, of a provider that ${what}`, async (t) => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: id === 'c' ? 'other' : 'wanted' }))
    const sizes: number[] = []
    const url = await serve(t, (request, response) => {
      const { searchParams } = new URL(request.url!, 'http://provider')
      const from = limits ? all.findIndex(({ id }) => id === searchParams.get('marker')) + 1 : 0
      const ports = limits ? all.slice(from, from + Number(searchParams.get('limit'))) : all
      sizes.push(ports.length)
      json(response, 200, { ports })
    })
    const read = async (size: number) => {
      const ids: string[] = []
      for await (const page of clientOf(t, url).ports.pages({ name: 'wanted' }, size))
        ids.push(...page.map(({ id }) => id))
      return ids
    }
    assert.deepEqual(await read(2), ['a', 'b', 'd', 'e'])
    assert.deepEqual(sizes, requests)
    assert.deepEqual(await read(5), ['a', 'b', 'd', 'e'], 'a full page, and nothing new behind it')
  })

test('a page that is full to the brim and names no next one is the last; one that does is not, however short', async (t) => {
  const pages = [['a'], ['b', 'c'], ['d', 'e']]
  const asked: (string | null)[] = []
  const url = await serve(t, (request, response) => {
    const marker = new URL(request.url!, 'http://provider').searchParams.get('marker')
    const at = asked.push(marker) - 1
    const rel = at + 1 < pages.length ? 'next' : 'previous'
    json(response, 200, { ports: pages[at]!.map((id) => ({ id })), ports_links: [{ rel, href: 'http://else.where' }] })
  })
  const ids: string[] = []
  for await (const page of clientOf(t, url).ports.pages({}, 2)) ids.push(...page.map(({ id }) => id))
  assert.deepEqual([ids.join(''), asked], ['abcde', [null, 'a', 'c']])
})

test('the connection test wants a JSON object at /v2.0/, and nothing particular in it', async (t) => {
  const paths: (string | undefined)[] = []
  const url = await serve(t, (request, response) => json(response, 200, { anything: paths.push(request.url) }))
  await clientOf(t, url).test()
  assert.deepEqual(paths, ['/v2.0/'])
})

/** A provider and its Identity service in one: takes only the token that it gave last. */
async function guarded(t: TestContext, { takesNone = false, login = 200 } = {}) {
  const counts = { logins: 0, requests: 0, lastLogin: undefined as any }
  let valid = ''
  const url = await serve(t, async (request, response) => {
    if (request.url === '/id/v2.0/tokens') {
      counts.logins++
      counts.lastLogin = await bodyOf(request)
      valid = `token-${counts.logins}`
      const refusal = { error: { code: login, title: 'Unauthorized', message: 'Wrong password.' } }
      return void json(response, login, login === 200 ? { access: { token: { id: valid } } } : refusal)
    }
    counts.requests++
    if (takesNone || request.headers['x-auth-token'] !== valid)
      return void json(response, 401, { error: { message: 'No token.' } })
    json(response, 200, { networks: [] })
  })
  const http = createHttpClient({ timeoutMs: 5000 })
  t.after(() => http.close())
  const credentials = { authUrl: `${url}/id/v2.0/`, username: 'admin', password: 'secret' }
  const clientWith = (more: object = {}) =>
    createNetworkingClient(http, url, createTokenSource(http, { ...credentials, ...more }))
  const expire = () => {
    valid = 'expired'
  }
  const stopLogins = () => {
    login = 401
  }
  return {
    url,
    counts,
    client: clientWith(),
    clientWith,
    tokens: createTokenSource(http, credentials),
    expire,
    stopLogins,
  }
}

test('a client logs in when it first needs a token, and keeps it', async (t) => {
  const { client, counts } = await guarded(t)
  await client.networks.list()
  await client.networks.list()
  assert.deepEqual([counts.logins, counts.requests], [1, 2])
  assert.deepEqual(counts.lastLogin, { auth: { passwordCredentials: { username: 'admin', password: 'secret' } } })
})

test('a tenant is named only where there is one', async (t) => {
  const { clientWith, counts } = await guarded(t)
  await clientWith({ tenantName: 'oVirt' }).networks.list()
  assert.equal(counts.lastLogin.auth.tenantName, 'oVirt')
  await clientWith({ tenantName: '' }).networks.list()
  assert.ok(!('tenantName' in counts.lastLogin.auth))
})

test('a refused token is renewed and the request is made once more', async (t) => {
  const { client, counts, expire } = await guarded(t)
  await client.networks.list()
  expire()
  assert.deepEqual(await client.networks.list(), [])
  assert.deepEqual([counts.logins, counts.requests], [2, 3])
})

test('callers that come together share one login, at the first time and at a renewal', async (t) => {
  const { client, counts, expire } = await guarded(t)
  const together = () => Promise.all(Array.from({ length: 20 }, () => client.networks.list()))
  await together()
  assert.equal(counts.logins, 1)
  expire()
  await together()
  assert.equal(counts.logins, 2)
})

test('callers whose token is refused in the same moment share one login, and its failure', async (t) => {
  const { counts, tokens, stopLogins } = await guarded(t)
  const refused = await tokens.current()
  const renewed = await Promise.all(Array.from({ length: 20 }, () => tokens.renewed(refused)))
  assert.deepEqual([new Set(renewed).size, counts.logins], [1, 2])
  assert.equal(await tokens.renewed(refused), renewed[0], 'a late caller gets the token that is there')
  assert.equal(counts.logins, 2)
  stopLogins()
  const failed = await Promise.allSettled(Array.from({ length: 20 }, () => tokens.renewed(renewed[0]!)))
  assert.ok(failed.every(({ status }) => status === 'rejected'))
  assert.equal(counts.logins, 3)
})

test('a token that is refused twice ends the call: the text says what to check', async (t) => {
  const { client, counts, url } = await guarded(t, { takesNone: true })
  const error = await failureOf(client.networks.list(), 'unauthorized', `${url}/v2.0/networks`)
  assert.equal(error.status, 401)
  assert.match(error.message, /No token\..*Check user, password and tenant or project/)
  assert.deepEqual([counts.logins, counts.requests], [2, 2])
})

test('a refused login is not tried again within a call, names the Identity URL and keeps the password to itself', async (t) => {
  const { client, counts, url } = await guarded(t, { login: 401 })
  const error = await failureOf(client.networks.list(), 'unauthorized', `${url}/id/v2.0/tokens`)
  assert.match(error.message, /Wrong password\./)
  assert.doesNotMatch(error.message, /secret/)
  assert.deepEqual([counts.logins, counts.requests], [1, 0])
  await failureOf(client.networks.list(), 'unauthorized', url)
  assert.equal(counts.logins, 2, 'a later call tries anew')
})

test('a login answered without a token asks whether the URL is right', async (t) => {
  for (const body of [
    {},
    { access: {} },
    { access: { token: { id: '' } } },
    { access: { token: { id: 5 } } },
    [],
    undefined,
  ]) {
    const url = await serve(t, (_, response) => json(response, 200, body))
    const http = createHttpClient({ timeoutMs: 5000 })
    t.after(() => http.close())
    const tokens = createTokenSource(http, { authUrl: `${url}/v2.0`, username: 'admin', password: 'secret' })
    await failureOf(createNetworkingClient(http, url, tokens).test(), 'malformed', `${url}/v2.0/tokens`)
  }
})

test('bindings are prepared, activated and removed, however often it is asked', async (t) => {
  const hosts = new Map([['h1', 'ACTIVE']])
  const seen: string[] = []
  const url = await serve(t, async (request, response) => {
    const { method, url: path = '' } = request
    const body = await bodyOf(request)
    seen.push(`${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`)
    const host = decodeURIComponent(/bindings\/([^/]+)/.exec(path)?.[1] ?? '')
    if (method === 'POST' && hosts.has(body.binding.host)) return json(response, 409, {})
    if (method === 'POST') hosts.set(body.binding.host, 'INACTIVE')
    else if (!hosts.has(host)) return json(response, 404, {})
    else if (method === 'DELETE') hosts.delete(host)
    else if (hosts.get(host) === 'ACTIVE') return json(response, 409, {})
    else hosts.set(host, 'ACTIVE')
    return json(response, method === 'POST' ? 201 : 200, {})
  })
  const { bindings } = clientOf(t, url)
  for (const _twice of [1, 2]) await bindings.prepare('p', 'h/2', { profile: { a: 1 } })
  assert.equal(seen[0], 'POST /v2.0/ports/p/bindings {"binding":{"profile":{"a":1},"host":"h/2"}}')
  assert.deepEqual([await bindings.activate('p', 'h/2'), await bindings.activate('p', 'h/2')], [true, true])
  assert.equal(seen.at(-1), 'PUT /v2.0/ports/p/bindings/h%2F2/activate')
  assert.deepEqual([await bindings.activate('p', 'h9'), await bindings.remove('p', 'h9')], [false, false])
  assert.deepEqual([await bindings.remove('p', 'h1'), await bindings.remove('p', 'h1')], [true, false])
})

test('whether bindings are offered is asked until they are', async (t) => {
  const statuses = [404, 501, 405, 200]
  let asked = 0
  const url = await serve(t, (_, response) => json(response, statuses[asked++] ?? 500, { extension: {} }))
  const { bindings } = clientOf(t, url)
  assert.equal(await bindings.areOffered(), false)
  await failureOf(bindings.areOffered(), 'rejected', url)
  assert.deepEqual(
    [await bindings.areOffered(), await bindings.areOffered(), await bindings.areOffered()],
    [false, true, true],
  )
  assert.equal(asked, 4)
})
