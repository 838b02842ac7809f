// Our provider on a northbound database of its own, for benchmarks. The server is real; northd is not part of it, as it
// works behind the answers.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface OvnProvider extends Disposable {
  readonly url: string
  /** Remote of the northbound database. */
  readonly database: string
  /** Kills the provider; seconds from the start of a new one until it is ready. */
  restart(): Promise<number>
  /** What both have had of the processors since they were started. */
  cpuMs(): CpuMs
  /** MB of the provider's process, at rest. */
  residentMb(): Promise<number>
}

export interface CpuMs {
  readonly provider: number
  /** Of the database's server. */
  readonly database: number
}

/** Until the provider has tidied its memory up. */
const restMs = 4_000

export async function startOvnProvider(listen: string): Promise<OvnProvider> {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-bench-ovn-'))
  const url = `http://${listen}`
  const database = `unix:${join(dir, 'nb.sock')}`
  const server = startDatabase(dir, database)
  const options = ['--listen', listen, '--no-auth', '--data-dir', join(dir, 'provider')]
  const start = () => startProvider(url, ['--backend', 'ovn', '--ovn-nb', database, ...options])
  let provider = await start()
  return {
    url,
    database,
    async restart() {
      const ended = new Promise((resolve) => provider.once('exit', resolve))
      provider.kill('SIGKILL')
      await ended
      const started = performance.now()
      provider = await start()
      return (performance.now() - started) / 1000
    },
    cpuMs: () => ({ provider: cpuMsOf(provider), database: cpuMsOf(server) }),
    async residentMb() {
      await delay(restMs)
      const status = readFileSync(`/proc/${provider.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
    },
    [Symbol.dispose]() {
      for (const child of [provider, server]) child.kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** User and system time, which Linux tells in hundredths of a second (proc(5)). */
function cpuMsOf({ pid }: ChildProcess): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = rest.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function startDatabase(dir: string, database: string): ChildProcess {
  execFileSync('ovsdb-tool', ['create', join(dir, 'nb.db'), '/usr/share/ovn/ovn-nb.ovsschema'])
  const args = [join(dir, 'nb.db'), `--remote=p${database}`, `--unixctl=${join(dir, 'nb.ctl')}`]
  return spawn('ovsdb-server', [...args, '-vconsole:off'], { stdio: 'ignore' })
}

async function startProvider(url: string, options: readonly string[]): Promise<ChildProcess> {
  const main = resolve(import.meta.dirname, '../apps/provider/main.ts')
  const provider = spawn(process.execPath, [main, ...options], { stdio: 'ignore' })
  for (let attempt = 0; attempt < 2_000; attempt++) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return provider
    await delay(20)
  }
  provider.kill('SIGKILL')
  throw new Error('the provider did not get ready')
}
