// The processes of the bench: providers and the engine, each on a port of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { until } from '../../lab/until.ts'

export interface Service {
  readonly url: string
  /** ms from its start until it was ready. */
  readonly startMs: number
  /** Bytes it has in memory, and the most it ever had. */
  memory(): { readonly now: number; readonly peak: number }
  /** Seconds of CPU so far. */
  cpuSeconds(): number
  stop(): Promise<void>
}

export async function startService(
  app: 'provider' | 'engine',
  port: number,
  flags: readonly string[],
): Promise<Service> {
  const main = resolve(import.meta.dirname, `../../apps/${app}/main.ts`)
  const listen = `127.0.0.1:${port}`
  const started = performance.now()
  const child = spawn(process.execPath, [main, '--no-auth', '--listen', listen, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PATCHBAY_LOG_LEVEL: 'error' },
  })
  const url = `http://${listen}`
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  if (!(await until(isReady, 60_000))) throw new Error(`${app} is not ready after 60 s`)
  return {
    url,
    startMs: performance.now() - started,
    memory: () => ({ now: memoryOf(child, 'VmRSS'), peak: memoryOf(child, 'VmHWM') }),
    cpuSeconds: () => cpuSecondsOf(child),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

function memoryOf({ pid }: ChildProcess, what: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(join('/proc', String(pid), 'status'), 'utf8')
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)![1]) * 1024
}

/** User and system time, in ticks of 10 ms. */
function cpuSecondsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(join('/proc', String(pid), 'stat'), 'utf8')
    .split(') ')[1]!
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** How many requests a provider has answered so far, other than for its metrics and its health. */
export async function requestsTo({ url }: Service): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const counts = [...text.matchAll(/^http_request_seconds_count\{([^}]*)\} (\S+)$/gm)]
  return counts
    .filter(([, labels]) => !/route="\/(metrics|readyz|healthz)"/.test(labels!))
    .reduce((total, [, , count]) => total + Number(count), 0)
}
