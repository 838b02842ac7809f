// Providers as processes of their own, for tests that kill them.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** What a start, or an end, may take. */
export const boundMs = 60_000
const main = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface Port {
  readonly id: string
  readonly mac_address: string
  readonly fixed_ips: readonly { readonly ip_address: string }[]
}

export type Send = ReturnType<typeof clientOf>['send']

/** A provider that serves. Somebody else may take the port meanwhile: then another one is tried. */
export async function startProcess(t: TestContext, folder: string, options: readonly string[] = []) {
  for (let attempt = 1; ; attempt++) {
    const provider = await spawnProvider(t, folder, options)
    if (await isReady(provider.url, provider.child)) return { ...provider, ...clientOf(provider.url) }
    if (attempt === 3 || !/in use by another process/.test(provider.errors())) assert.fail(provider.errors())
  }
}

/** A provider as a process of its own; not yet ready. */
export async function spawnProvider(t: TestContext, folder: string, options: readonly string[] = []) {
  const port = await freePort()
  const argv = [main, '--no-auth', '--data-dir', folder, '--listen', `127.0.0.1:${port}`, ...options]
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATCHBAY_LOG_LEVEL: 'warn' },
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const exited = once(child, 'close', { signal: AbortSignal.timeout(boundMs) }) as Promise<[code: number | null]>
  exited.catch(() => {})
  t.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, exited, url: `http://127.0.0.1:${port}`, errors: () => errors }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function isReady(url: string, child: ChildProcess): Promise<boolean> {
  const end = performance.now() + boundMs
  while (child.exitCode === null && performance.now() < end) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined)
    if (response?.status === 200) return true
    await setTimeout(20)
  }
  return false
}

function clientOf(url: string) {
  const send = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}/v2.0${path}`, { method, body: body && JSON.stringify(body) })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  return { send, ports: async () => (await send('GET', '/ports')).body.ports as Port[] }
}
