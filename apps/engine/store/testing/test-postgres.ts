// A PostgreSQL of its own for a test file: a cluster in a temporary folder behind a Unix socket, gone when the file ends.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { Client } from 'pg'
import { until } from '../../../../lab/until.ts'

export interface TestPostgres {
  /** An empty database; its URL. */
  createDatabase(): Promise<string>
  /** One statement beside the engine, as the superuser. */
  run(sql: string): Promise<Record<string, unknown>[]>
  /** Gone at once, as after a crash of its machine. */
  crash(): Promise<void>
  start(): Promise<void>
}

const [binaries] = globSync('/usr/lib/postgresql/*/bin').sort().reverse()

/** Why there is none here; false when there is. */
export const postgresUnavailable = (): string | false =>
  binaries === undefined && 'PostgreSQL is not installed (Debian package postgresql)'

let started: Promise<TestPostgres & AsyncDisposable> | undefined

/** The one of this test file. */
export const testPostgres = (): Promise<TestPostgres> => (started ??= startPostgres())

// Of the file, not of the test that happened to come first.
after(async () => (await started)?.[Symbol.asyncDispose]())

async function startPostgres(): Promise<TestPostgres & AsyncDisposable> {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-pg-'))
  const user = asUser(dir)
  const data = join(dir, 'data')
  const server = user.of('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C',
  ])
  execFileSync(server.command, server.args, { stdio: 'ignore', cwd: dir })
  let child: ChildProcess | undefined
  let count = 0

  const urlOf = (database: string) => `postgres://postgres@/${database}?host=${encodeURIComponent(dir)}`

  async function run(sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: urlOf('postgres') })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  async function stop(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    if (!child) return
    const ended = new Promise((resolve) => child!.once('exit', resolve))
    child.kill(signal)
    await ended
    child = undefined
  }

  const postgres: TestPostgres = {
    run,
    async createDatabase() {
      const name = `test${++count}`
      await run(`create database ${name}`)
      return urlOf(name)
    },
    crash: () => stop('SIGQUIT'),
    async start() {
      const settings = ['listen_addresses=', 'fsync=off', 'max_connections=60', 'shared_buffers=16MB']
      const { command, args } = user.of('postgres', [
        '-D',
        data,
        '-k',
        dir,
        ...settings.flatMap((each) => ['-c', each]),
      ])
      child = spawn(command, args, { stdio: 'ignore', cwd: dir })
      const isUp = await until(
        () =>
          run('select 1').then(
            () => true,
            () => false,
          ),
        20_000,
      )
      if (!isUp) throw new Error('PostgreSQL does not answer')
    },
  }
  await postgres.start()
  return {
    ...postgres,
    async [Symbol.asyncDispose]() {
      await stop('SIGINT')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root: then it is the user that its package made. It ends with this process. */
function asUser(dir: string) {
  const isRoot = process.getuid?.() === 0
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', isRoot ? [flag, 'postgres'] : [flag])))
  chownSync(dir, uid!, gid!)
  const change = isRoot ? [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] : []
  return {
    of: (program: string, args: string[]) => ({
      command: 'setpriv',
      args: [...change, '--pdeathsig=QUIT', '--', join(binaries!, program), ...args],
    }),
  }
}
