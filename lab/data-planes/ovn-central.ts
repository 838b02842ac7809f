// OVN's central part for a laboratory: both databases and northd, on this side of the underlay, where the provider is.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../lab.ts'
import { runCommand } from '../processes/command.ts'
import { type Daemon, daemon } from '../processes/daemon.ts'

export interface OvnCentral {
  /** OVSDB remotes, reachable from the hosts: `tcp:198.18.1.1:6641`. */
  readonly northbound: string
  readonly southbound: string
  readonly northd: Daemon
  /** What ovn-nbctl and ovn-sbctl answer, without the last line break. */
  nbctl(...args: string[]): Promise<string>
  sbctl(...args: string[]): Promise<string>
}

/** Resolves when the databases answer. All of it ends with the laboratory. */
export async function startOvnCentral(lab: Lab): Promise<OvnCentral> {
  const dir = join(lab.dir, 'ovn')
  mkdirSync(dir)
  const [northbound, southbound] = await Promise.all([
    startDatabase(lab, dir, { name: 'nb', port: 6641 }),
    startDatabase(lab, dir, { name: 'sb', port: 6642 }),
  ])
  const databases = [`--ovnnb-db=${northbound.socket}`, `--ovnsb-db=${southbound.socket}`]
  const argv = ['ovn-northd', ...databases, `--unixctl=${join(dir, 'northd.ctl')}`, ...quiet]
  const synced = () => northbound.control('--wait=sb', 'sync')
  const northd = daemon(() => lab.spawn(argv, { log: 'ovn/northd.log' }), synced)
  await northd.start()
  return {
    northbound: northbound.remote,
    southbound: southbound.remote,
    northd,
    nbctl: northbound.control,
    sbctl: southbound.control,
  }
}

/** No log file, no syslog: warnings go to the console, which the laboratory writes down. */
const quiet = ['-vconsole:warn', '-vfile:off', '-vsyslog:off']

interface DatabaseOptions {
  readonly name: 'nb' | 'sb'
  readonly port: number
}

async function startDatabase(lab: Lab, dir: string, { name, port }: DatabaseOptions) {
  const file = join(dir, `${name}.db`)
  const socket = `unix:${join(dir, `${name}.sock`)}`
  await runCommand(['ovsdb-tool', 'create', file, `/usr/share/ovn/ovn-${name}.ovsschema`])
  const remotes = [`--remote=p${socket}`, `--remote=ptcp:${port}:${lab.address}`]
  const argv = ['ovsdb-server', file, ...remotes, `--unixctl=${join(dir, `${name}.ctl`)}`, ...quiet]
  const command = [`ovn-${name}ctl`, `--db=${socket}`, '--timeout=30']
  const control = async (...args: string[]) =>
    (await runCommand([...command, ...args], { timeoutMs: 40_000 })).stdout.trim()
  await daemon(
    () => lab.spawn(argv, { log: `ovn/${name}.log` }),
    () => control('init'),
  ).start()
  return { socket, remote: `tcp:${lab.address}:${port}`, control }
}
