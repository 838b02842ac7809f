// Real ovsdb-servers for tests, in folders of their own, gone with the test.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'

export const northboundSchema = '/usr/share/ovn/ovn-nb.ovsschema'

/** Why tests against a real server cannot run here: for node:test's `skip`. */
export const noOvsdbServer = missingTool()

export interface ServerOptions {
  /** A schema file, or a schema. Default OVN's northbound one. */
  readonly schema?: string | object
  /** `clustered`: of one server; it has transaction ids, which standalone ones have not. */
  readonly model?: 'standalone' | 'clustered'
  /** More arguments, such as `--remote=ptcp:0:127.0.0.1`. */
  readonly args?: readonly string[]
}

/** `prepare` makes the database file; each start goes on with it. */
export class TestServer {
  readonly folder: string
  readonly name: string
  readonly #args: readonly string[]
  #process: ChildProcess | undefined
  #log = ''

  constructor(folder: string, name: string, args: readonly string[] = []) {
    this.folder = folder
    this.name = name
    this.#args = args
  }

  get remote(): string {
    return `unix:${this.file('sock')}`
  }

  get pid(): number {
    return this.#process!.pid!
  }

  file(suffix: string): string {
    return join(this.folder, `${this.name}.${suffix}`)
  }

  /** Of `--remote=ptcp:0:…` or `pssl:0:…`, once the server listens. */
  get port(): number {
    return Number(/listening on port (\d+)/.exec(this.#log)?.[1])
  }

  /** Resolves when the server listens. */
  async start(): Promise<void> {
    const args = [this.file('db'), `--remote=p${this.remote}`, `--unixctl=${this.file('ctl')}`, ...this.#args]
    this.#log = ''
    // With its parent it ends, also where the parent is killed.
    const command = ['--pdeathsig', 'KILL', 'ovsdb-server', ...args, '-vconsole:info', '-vfile:off', '-vsyslog:off']
    const child = spawn('setpriv', command, { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process = child
    const listening = new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk) => {
        this.#log += chunk
        if (this.#log.includes('ovsdb-server (Open vSwitch)')) resolve()
      })
      child.once('exit', () => reject(new Error(`ovsdb-server ended:\n${this.#log}`)))
      setTimeout(() => reject(new Error(`ovsdb-server does not start:\n${this.#log}`)), 10_000).unref()
    })
    await listening
  }

  /** SIGKILL is a crash, SIGSTOP a machine that hangs. Resolves when a server that is to end has ended. */
  async signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    if (signal === 'SIGTERM' || signal === 'SIGKILL') await ended
  }

  /** `ovs-appctl`. */
  async control(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('ovs-appctl', ['-t', this.file('ctl'), '-T', '10', ...args])
    return stdout
  }
}

/** One server, listening. */
export async function startOvsdbServer(
  t: Pick<TestContext, 'after'>,
  options: ServerOptions = {},
): Promise<TestServer> {
  const folder = makeFolder()
  const server = new TestServer(folder, 'db', options.args)
  removeAfter(t, folder, [server])
  const schema = schemaFile(folder, options.schema ?? northboundSchema)
  if (options.model === 'clustered') tool('create-cluster', server.file('db'), schema, `unix:${server.file('raft')}`)
  else tool('create', server.file('db'), schema)
  await server.start()
  return server
}

/** A cluster of three, or of another number, with all servers in contact. */
export async function startOvsdbCluster(t: TestContext, size = 3): Promise<TestServer[]> {
  const folder = makeFolder()
  const servers = Array.from({ length: size }, (_, index) => new TestServer(folder, `s${index + 1}`))
  removeAfter(t, folder, servers)
  const [first, ...others] = servers
  const address = (server: TestServer) => `unix:${server.file('raft')}`
  tool('create-cluster', first!.file('db'), northboundSchema, address(first!))
  for (const server of others)
    tool('join-cluster', server.file('db'), 'OVN_Northbound', address(server), address(first!))
  await Promise.all(servers.map((server) => server.start()))
  await Promise.all(servers.map(joined))
  return servers
}

/** First the servers: they write to the folder. */
function removeAfter(t: Pick<TestContext, 'after'>, folder: string, servers: readonly TestServer[]): void {
  t.after(async () => {
    await Promise.all(servers.map((server) => server.signal('SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
  })
}

async function joined(server: TestServer): Promise<void> {
  await promisify(execFile)('ovsdb-client', ['-t', '20', 'wait', server.remote, 'OVN_Northbound', 'connected'])
}

/** Sockets' paths have to be short. */
function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ovsdb-'))
}

function schemaFile(folder: string, schema: string | object): string {
  if (typeof schema === 'string') return schema
  const file = join(folder, 'schema')
  writeFileSync(file, JSON.stringify(schema))
  return file
}

function tool(...args: string[]): void {
  execFileSync('ovsdb-tool', args, { stdio: 'pipe', timeout: 10_000 })
}

function missingTool(): string | undefined {
  for (const command of ['ovsdb-server', 'ovsdb-tool', 'ovsdb-client', 'ovs-appctl', 'setpriv']) {
    try {
      execFileSync(command, ['--version'], { stdio: 'ignore', timeout: 10_000 })
    } catch {
      return `${command} is not installed (Debian packages openvswitch-switch and ovn-common)`
    }
  }
  try {
    execFileSync('test', ['-r', northboundSchema])
  } catch {
    return `${northboundSchema} is missing (Debian package ovn-common)`
  }
  return undefined
}
