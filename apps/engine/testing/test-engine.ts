// An engine for tests: in this process, on a free port, with a folder of its own; all gone when the test ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import type { TestProvider } from '../../provider/testing/test-provider.ts'
import type { EngineConfig } from '../config.ts'
import { type Engine, startEngine } from '../engine.ts'
import { testDatabase } from '../store/testing/test-database.ts'

export interface Response {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body, if it is JSON. */
  readonly body: any
}

export interface TestEngine extends Engine {
  readonly dataDir: string
  /** Its URL. */
  readonly database: string
  /** One request; `path` is what follows /ovirt-engine/api. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** The body of a success. Throws with the engine's own words otherwise. */
  ask(method: string, path: string, body?: unknown): Promise<any>
  /** The items of a collection. */
  list(path: string): Promise<any[]>
}

export async function startTestEngine(t: TestContext, config: Partial<EngineConfig> = {}): Promise<TestEngine> {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-engine-'))
  const stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  t.after(() => stack.disposeAsync())
  const database = config.database ?? (await testDatabase(dataDir))
  const engine = stack.use(await startEngine(configOf(dataDir, { ...config, database }), pino({ level: 'silent' })))
  return {
    url: engine.url,
    dataDir,
    database,
    ...clientOf(engine.url),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export function configOf(dataDir: string, config: Partial<EngineConfig> = {}): EngineConfig {
  return {
    listen: { host: '127.0.0.1', port: 0 },
    database: `sqlite:${join(dataDir, 'engine.sqlite')}`,
    secretKeyFile: join(dataDir, 'secret.key'),
    caDir: join(dataDir, 'pki'),
    ownNames: [],
    administrator: undefined,
    sessionIdleMs: 60_000,
    ssoClient: undefined,
    providerTimeouts: { connectTimeoutMs: 1_000, timeoutMs: 1_000 },
    providerSyncEveryMs: 0,
    reconciliationEveryMs: 0,
    providerTrustFile: join(dataDir, 'provider-trust.pem'),
    eventRetentionMs: 0,
    hostPatienceMs: 2_000,
    hostGraceMs: 60_000,
    driverSigners: '',
    portalDir: join(dataDir, 'portal'),
    tls: undefined,
    hostsTls: undefined,
    ...config,
  }
}

export function clientOf(url: string): Pick<TestEngine, 'send' | 'ask' | 'list'> {
  const send: TestEngine['send'] = (...request) => sendTo(`${url}/ovirt-engine/api`, ...request)
  const ask: TestEngine['ask'] = async (method, path, body) => {
    const response = await send(method, path, body)
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.text}`)
    return response.body
  }
  const list: TestEngine['list'] = async (path) => (Object.values(await ask('GET', path))[0] as any[] | undefined) ?? []
  return { send, ask, list }
}

async function sendTo(
  root: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const isFile = body instanceof Uint8Array
  const response = await fetch(root + path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' || isFile ? (body as string) : JSON.stringify(body),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

/** As answers show a reference to a resource of a collection. */
export const referenceTo = (collection: string, id: string) => ({ id, href: `/ovirt-engine/api/${collection}/${id}` })

/** What most tests begin with: a data center with a cluster, a provider, and a network of it that is attached. */
export interface Scene {
  readonly dataCenterId: string
  readonly clusterId: string
  readonly providerId: string
  readonly externalId: string
  readonly networkId: string
  readonly profileId: string
}

export async function setScene(engine: TestEngine, provider: TestProvider, url = provider.url): Promise<Scene> {
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const { id: clusterId } = await engine.ask('POST', '/clusters', { name: 'c', data_center: { id: dataCenterId } })
  const { id: providerId } = await engine.ask('POST', '/openstacknetworkproviders', {
    name: 'sdn',
    type: 'external',
    url,
    read_only: 'false',
  })
  const externalId = await makeNetwork(provider, 'blue')
  const scene = { dataCenterId, clusterId, providerId, externalId }
  const { networkId, profileId } = await importNetwork(engine, scene)
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: networkId, required: 'false' })
  return { ...scene, networkId, profileId }
}

export async function makeNetwork(provider: TestProvider, name: string): Promise<string> {
  return (await provider.send('POST', '/networks', { network: { name } })).body.network.id
}

export async function importNetwork(
  engine: TestEngine,
  { providerId, externalId, dataCenterId }: Pick<Scene, 'providerId' | 'externalId' | 'dataCenterId'>,
): Promise<{ networkId: string; profileId: string }> {
  const before = new Set((await engine.list('/networks')).map(({ id }) => id))
  const path = `/openstacknetworkproviders/${providerId}/networks/${externalId}/import`
  await engine.ask('POST', path, { data_center: { id: dataCenterId } })
  const { id: networkId } = (await engine.list('/networks')).find(({ id }) => !before.has(id))
  const [profile] = await engine.list(`/networks/${networkId}/vnicprofiles`)
  return { networkId, profileId: profile.id }
}
