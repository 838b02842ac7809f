// For tests: a machine of its own (namespaces again) on which a lab is all there is, so that every trace of it shows.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type CommandOutput, runCommand } from '../processes/command.ts'

export interface EmptyMachine {
  /** Runs TypeScript in a node of its own, with createLab, removeLab and listLabs at hand. */
  node(source: string, env?: Record<string, string>): Promise<CommandOutput>
  /** Namespaces, links, mounts, files in /run and processes, as text to compare. */
  traces(): Promise<string>
  /** Environment in which the given call (1 = first) to one of the commands a lab is built with runs `sh` instead. */
  interrupt(call: number, sh: string): Promise<Record<string, string>>
}

/** Gone after the test, with all that runs on it. */
export async function emptyMachine(t: TestContext): Promise<EmptyMachine> {
  const pid = await boot(t)
  const enter = ['nsenter', '-t', pid, '-n', '-m', `--pid=/proc/${pid}/ns/pid_for_children`, '--']
  const place = { name: 'empty machine', enter }
  return {
    node: (source, env = {}) => runCommand([...withEnv(env), ...NODE, PRELUDE + source], { place, timeoutMs: 60_000 }),
    traces: async () => (await runCommand(['sh', '-c', TRACES], { place })).stdout + processesOf(pid).join('\n'),
    interrupt: (call, sh) => wrapCommands(t, call, sh),
  }
}

const NODE = [process.execPath, '--input-type=module-typescript', '-e']

/** Set inside: the way in is not to be interrupted. */
const withEnv = (env: Record<string, string>) => [
  'env',
  ...Object.entries(env).map(([key, value]) => `${key}=${value}`),
]

const PRELUDE = `
import { createLab } from ${JSON.stringify(join(import.meta.dirname, '../lab.ts'))}
import { removeLab } from ${JSON.stringify(join(import.meta.dirname, '../removal/lab-removal.ts'))}
import { listLabs } from ${JSON.stringify(join(import.meta.dirname, '../labs.ts'))}
`

const TRACES = `
ip netns
ip -o link
cat /proc/self/mounts
find /run || true
`

// - Namespaces of labs outside are not to show.
// - The first `ip netns add` of a machine mounts /run/netns for good.
// - A PID namespace ends with its first process: `cat` does when its input ends, at the latest with the test.
const BOOT = `
set -e
while umount --lazy /run/netns 2> /dev/null; do :; done
mount -t tmpfs tmpfs /run
mount -t sysfs sysfs /sys
ip link set lo up
ip netns add first
ip netns del first
echo ready
exec cat
`

async function boot(t: TestContext): Promise<string> {
  const flags = ['--net', '--mount', '--propagation', 'private', '--pid', '--fork', '--mount-proc']
  const child = spawn('unshare', [...flags, 'sh', '-c', BOOT], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  t.after(async () => {
    child.stdin.end()
    await exited
  })
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => {
      throw new Error('the empty machine did not start')
    }),
  ])
  return String(child.pid)
}

/** Command lines of all but zombies, which have none. */
function processesOf(machine: string): string[] {
  const namespace = readlinkSync(`/proc/${machine}/ns/pid_for_children`)
  const commands = readdirSync('/proc').map((name) => {
    try {
      const inside = readlinkSync(`/proc/${name}/ns/pid`) === namespace
      return inside ? readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') : ''
    } catch {
      return ''
    }
  })
  return commands.filter(Boolean).sort()
}

async function wrapCommands(t: TestContext, call: number, sh: string): Promise<Record<string, string>> {
  const dir = await mkdtemp(join(tmpdir(), 'lab-interrupt-'))
  t.after(() => rm(dir, { recursive: true }))
  const path = process.env.PATH ?? ''
  for (const command of ['ip', 'nsenter']) {
    await writeFile(join(dir, command), wrapper(dir, command, path, call, sh), { mode: 0o755 })
  }
  return { PATH: `${dir}:${path}` }
}

/** Calls run in parallel; mkdir gives each a number of its own. */
const wrapper = (dir: string, command: string, path: string, call: number, sh: string) => `#!/bin/sh
call=1
until mkdir '${dir}/'$call 2>/dev/null; do call=$((call + 1)); done
PATH='${path}'
if [ $call = ${call} ]; then ${sh}; fi
exec ${command} "$@"
`
