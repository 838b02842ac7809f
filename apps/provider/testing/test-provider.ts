// A provider for tests: in this process, on a free port, with a folder of its own; all gone when the test ends.
// With PATCHBAY_TEST_BACKEND=ovn it has a northbound database of its own, served by a real ovsdb-server.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { pino } from 'pino'
import type { NorthboundOptions } from '../backends/ovn/northbound.ts'
import type { ProviderConfig } from '../config.ts'
import { type Provider, startProvider } from '../provider.ts'

/** Which backend the tests are run on. */
export const testBackend = process.env.PATCHBAY_TEST_BACKEND === 'ovn' ? 'ovn' : 'embedded'
/** The type of a network that says nothing about it. */
export const tunnelType = { embedded: 'vxlan', ovn: 'geneve' }[testBackend]

export interface Response {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

export interface TestProvider extends Provider {
  readonly dataDir: string
  /** One request; `path` is what follows /v2.0. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

export type TestConfig = Partial<ProviderConfig> & {
  /** With its own Identity service, and this one user. */
  readonly administrator?: { readonly name: string; readonly password: string }
}

export async function startTestProvider(
  t: TestContext,
  { administrator, ...config }: TestConfig = {},
): Promise<TestProvider> {
  const dataDir = config.dataDir ?? mkdtempSync(join(tmpdir(), 'patchbay-provider-'))
  const provider = await startProvider(
    {
      listen: { host: '127.0.0.1', port: 0 },
      identityListen: { host: '127.0.0.1', port: 0 },
      identity: administrator && { usersFile: join(dataDir, 'users.json'), administrator, tokenLifetimeMs: 3_600_000 },
      ovn: testBackend === 'ovn' ? await startNorthbound(t) : undefined,
      maxMtu: 1450,
      bodyLimitBytes: 1_048_576,
      tls: undefined,
      ...config,
      dataDir,
    },
    pino({ level: 'silent' }),
  )
  t.after(async () => {
    await provider[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { ...provider, dataDir, send: (...request) => send(provider.url, ...request) }
}

async function startNorthbound(t: TestContext): Promise<NorthboundOptions> {
  const server = await startOvsdbServer(t)
  return { remotes: [server.remote], tls: undefined }
}

async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(`${url}/v2.0${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}
