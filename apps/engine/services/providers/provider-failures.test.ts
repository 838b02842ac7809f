// A provider that cannot be used: each way it fails is told in words that help, and the engine is as it was before.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeIdentities } from '@patchbay/vdsm-rpc/testing/certificates.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { setScene, startTestEngine, type TestEngine } from '../../testing/test-engine.ts'

/** What an administrator changes of a provider that worked until then. */
type Change = Readonly<Record<string, string>>

interface Failure {
  readonly what: string
  /** What the operations say behind "Failed to communicate with the external provider: sdn: ". */
  readonly says: RegExp
  change(t: TestContext): Change | Promise<Change>
  readonly timeoutMs?: number
  /** What does not fail all the same. */
  readonly except?: string
}

const credentials = (identityUrl: string, password = 'right') => ({
  requires_authentication: 'true',
  username: 'admin',
  password,
  authentication_url: identityUrl,
})

const failures: readonly Failure[] = [
  {
    what: 'refuses the connection',
    says: /http:\/\/127\.0\.0\.1:1\/v2\.0\/.* refused the connection\. Is the provider running/,
    change: () => ({ url: 'http://127.0.0.1:1' }),
  },
  {
    what: 'has a host name that nobody knows',
    says: /cannot be resolved\. Check the provider's URL/,
    change: () => ({ url: 'http://provider.invalid:9696' }),
  },
  {
    what: 'accepts connections and says nothing',
    says: /gave no answer within 0\.3 s/,
    timeoutMs: 300,
    change: async (t) => ({ url: await listening(t, createTcpServer()) }),
  },
  {
    what: 'begins an answer and hangs',
    says: /gave no answer within 0\.3 s/,
    timeoutMs: 300,
    change: (t) => http(t, (_request, response) => void response.writeHead(200).write('{"networks"')),
  },
  {
    what: 'cuts the connection',
    says: /The connection to .* failed/,
    change: (t) => http(t, (request) => request.socket.destroy()),
  },
  {
    what: 'answers in HTML',
    says: /answered 200, but not in JSON\. Is this the URL of a Networking API\?/,
    change: (t) => http(t, (_request, response) => void response.end('<html><body>Welcome</body></html>')),
  },
  {
    what: 'answers in JSON of another kind',
    says: /answered something else than .*\. Is this the URL of a Networking API\?/,
    change: (t) => http(t, (_request, response) => void response.end('["hello"]')),
    except: 'DELETE',
  },
  {
    what: 'is no HTTP server',
    says: /did not answer in HTTP\. Check http against https, and the port/,
    change: async (t) => ({
      url: await listening(
        t,
        createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')),
      ),
    }),
  },
  {
    what: 'redirects',
    says: /answered 302/,
    change: (t) => http(t, (_request, response) => void response.writeHead(302, { location: '/login' }).end()),
  },
  {
    what: 'fails with an error of its own',
    says: /answered 503: The database is away/,
    change: (t) =>
      http(
        t,
        (_request, response) =>
          void response
            .writeHead(503)
            .end('{"NeutronError":{"type":"ServiceUnavailable","message":"The database is away","detail":""}}'),
      ),
  },
  {
    what: 'is asked below a wrong path',
    says: /answered 404/,
    change: async (t) => ({ url: `${(await startTestProvider(t)).url}/wrong` }),
  },
  {
    what: 'speaks HTTPS where its URL says HTTP',
    says: /Check http against https/,
    change: async (t) => ({ url: (await tlsServer(t)).replace('https:', 'http:') }),
  },
  {
    what: 'speaks HTTP where its URL says HTTPS',
    says: /TLS with .* failed: .*Check http against https/s,
    change: async (t) => ({ url: (await http(t, () => {})).url!.replace('http:', 'https:') }),
  },
  {
    what: 'has a certificate of an unknown CA',
    says: /TLS with .* failed: .*certificate.* Check http against https, and that the provider's CA is trusted/,
    change: async (t) => ({ url: await tlsServer(t) }),
  },
  {
    what: 'does not take the password',
    // After some failures the provider wants the engine to wait.
    says: /\/v2\.0\/tokens (did not accept the credentials.*Check user, password and tenant or project|answered 429: Too many failed logins)/,
    async change(t) {
      const provider = await startTestProvider(t, { administrator: { name: 'admin', password: 'right' } })
      return { url: provider.url, ...credentials(provider.identityUrl!, 'wrong') }
    },
  },
  {
    what: 'wants a login that the engine does not know of',
    says: /\/v2\.0\/\S* wants a login, and none is configured: give user, password/,
    change: async (t) => ({
      url: (await startTestProvider(t, { administrator: { name: 'admin', password: 'right' } })).url,
    }),
  },
  {
    what: 'has an Identity service that is away',
    says: /127\.0\.0\.1:1\/v2\.0\/tokens refused the connection/,
    change: () => credentials('http://127.0.0.1:1/v2.0'),
  },
  {
    what: 'has an Identity service that is something else',
    says: /\/v2\.0\/tokens answered 404/,
    change: async (t) => credentials(`${(await startTestProvider(t)).url}/v2.0`),
  },
]

for (const { what, says, change, except, timeoutMs = 2_000 } of failures) {
  test(`a provider that ${what}`, async (t) => {
    const provider = await startTestProvider(t)
    const engine = await startTestEngine(t, { providerTimeouts: { connectTimeoutMs: timeoutMs, timeoutMs } })
    const scene = await setScene(engine, provider)
    const base = `/openstacknetworkproviders/${scene.providerId}`
    await engine.ask('PUT', base, await change(t))
    const before = await stateOf(engine)

    const dataCenter = { data_center: { id: scene.dataCenterId } }
    const subnet = { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' }
    for (const [method, path, body] of [
      ['POST', `${base}/testconnectivity`, {}],
      ['GET', `${base}/networks`],
      ['GET', `${base}/networks/${scene.externalId}`],
      ['POST', `${base}/networks/${scene.externalId}/import`, dataCenter],
      ['GET', `${base}/networks/${scene.externalId}/subnets`],
      ['POST', `${base}/networks/${scene.externalId}/subnets`, subnet],
      ['DELETE', `/networks/${scene.networkId}?remove_from_provider=true`],
    ] as const) {
      if (method !== except) isFailure(await engine.send(method, path, body), says)
    }
    assert.deepEqual(await stateOf(engine), before)
    assert.doesNotMatch(await (await fetch(`${engine.url}/metrics`)).text(), /^engine_workflows\{/m, 'nothing goes on')
  })
}

test('a provider that was away is used again as soon as it is back', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-away-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  const provider = await startTestProvider(t, { dataDir })
  const engine = await startTestEngine(t)
  const { providerId, externalId, dataCenterId } = await setScene(engine, provider)
  const networks = `/openstacknetworkproviders/${providerId}/networks`
  await provider[Symbol.asyncDispose]()
  const toImport = { data_center: { id: dataCenterId } }
  const refused = await engine.send('POST', `${networks}/${externalId}/import`, toImport)
  isFailure(refused, /refused the connection/)
  const [event] = await engine.list('/events?max=1')
  assert.deepEqual([event.code, event.severity], ['10921', 'error'])
  const text = `Failed to import external network ${externalId} from provider sdn: `
  assert.ok(event.description.startsWith(text), event.description)
  await startTestProvider(t, { dataDir, listen: { host: '127.0.0.1', port: Number(new URL(provider.url).port) } })
  assert.deepEqual(
    (await engine.list(networks)).map(({ name }) => name),
    ['blue'],
  )
})

test('a provider that is away for long is left alone: who needs it is told at once, and all else goes on', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-away-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  const provider = await startTestProvider(t, { dataDir })
  const engine = await startTestEngine(t)
  const { providerId, clusterId } = await setScene(engine, provider)
  const base = `/openstacknetworkproviders/${providerId}`
  const status = async () => (await engine.ask('GET', base)).status
  assert.equal(await status(), 'up')
  await provider[Symbol.asyncDispose]()
  for (let at = 0; at < 3; at++) await engine.send('GET', `${base}/networks`)
  assert.equal(await status(), 'unreachable')
  isFailure(await engine.send('GET', `${base}/networks`), /failed 3 times in a row.* refused the connection/)
  isFailure(await engine.send('POST', `${base}/testconnectivity`), /sdn: http.* refused the connection/)
  assert.match(await (await fetch(`${engine.url}/metrics`)).text(), /engine_providers\{.*status="unreachable"\} 1/)
  await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })

  await startTestProvider(t, { dataDir, listen: { host: '127.0.0.1', port: Number(new URL(provider.url).port) } })
  await engine.ask('POST', `${base}/testconnectivity`)
  assert.equal((await engine.list(`${base}/networks`)).length, 1)
  assert.equal(await status(), 'up')
  const codes = (await engine.list('/events')).map(({ code }) => code)
  assert.deepEqual(
    codes.filter((code) => code.startsWith('2001')),
    ['20011', '20010'],
  )
})

function isFailure({ status, body, text }: Awaited<ReturnType<TestEngine['send']>>, says: RegExp): void {
  const fault = body.fault ?? body
  assert.deepEqual([status, fault.reason], [400, 'Operation Failed'], text)
  assert.match(fault.detail, /^\[Failed to communicate with the external provider: sdn: .*\]$/s)
  assert.match(fault.detail, says)
}

/** Everything the engine keeps, except what it tells of failures. */
async function stateOf(engine: TestEngine): Promise<unknown> {
  const collections = ['/openstacknetworkproviders', '/networks', '/vnicprofiles', '/clusters', '/datacenters', '/vms']
  const [cluster] = await engine.list('/clusters')
  const rows = await Promise.all([...collections, `/clusters/${cluster.id}/networks`].map((path) => engine.list(path)))
  return rows.flat().map(({ status, status_detail, status_since, ...kept }) => kept)
}

async function http(t: TestContext, answer: RequestListener): Promise<Change> {
  return { url: await listening(t, createServer(answer)) }
}

async function tlsServer(t: TestContext): Promise<string> {
  const { server } = makeIdentities('server')
  return (
    await listening(
      t,
      createTlsServer(server, (_request, response) => response.end('{}')),
    )
  ).replace('http:', 'https:')
}

/** Listens until the test ends; answers the URL. */
async function listening(t: TestContext, server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}
