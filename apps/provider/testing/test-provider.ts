// A provider for tests: in this process, on a free port, with a folder of its own; all gone when the test ends.
// With PATCHBAY_TEST_BACKEND=ovn it has an empty northbound database, served by a real ovsdb-server.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import type { ProviderConfig } from '../config.ts'
import { type Provider, startProvider } from '../provider.ts'
import { northboundsOfFile } from './test-northbounds.ts'

/** Which backend the tests are run on. */
export const testBackend = process.env.PATCHBAY_TEST_BACKEND === 'ovn' ? 'ovn' : 'embedded'
/** The type of a network that says nothing about it. */
export const tunnelType = { embedded: 'vxlan', ovn: 'geneve' }[testBackend]

const northbounds = testBackend === 'ovn' ? northboundsOfFile() : undefined

export interface Response {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

export interface TestProvider extends Provider {
  readonly dataDir: string
  /** Where it keeps everything: for another one after it. */
  readonly kept: Pick<ProviderConfig, 'dataDir' | 'ovn'>
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
  const northbound = 'ovn' in config ? undefined : await northbounds?.take()
  const ovn = northbound ? { remotes: [northbound.remote], tls: undefined } : config.ovn
  const provider = await startProvider(
    {
      listen: { host: '127.0.0.1', port: 0 },
      identityListen: { host: '127.0.0.1', port: 0 },
      identity: administrator && { usersFile: join(dataDir, 'users.json'), administrator, tokenLifetimeMs: 3_600_000 },
      maxMtu: 1450,
      bodyLimitBytes: 1_048_576,
      tls: undefined,
      ...config,
      ovn,
      dataDir,
    },
    pino({ level: 'silent' }),
  )
  t.after(async () => {
    await provider[Symbol.asyncDispose]()
    if (northbound) await northbounds!.giveBack(northbound)
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { ...provider, dataDir, kept: { dataDir, ovn }, send: (...request) => send(provider.url, ...request) }
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
