// What runs in a netns guest: a DHCP client for each NIC. The guest's processes outlive the agent.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type CommandEnded, commands } from '@patchbay/vif-driver/command.ts'
import { namespaceOf } from './guest-nics.ts'

const script = join(import.meta.dirname, 'guest-dhcp.sh')
const deathTimeoutMs = 2_000
const pollMs = 5

export interface GuestProcesses {
  /**
   * Starts a DHCP client that asks until it is answered, for `address` if the guest has one already. There is none for
   * this NIC yet.
   */
  startDhcpClient(vmId: string, client: DhcpClient): Promise<void>
  /** Ends the client of one NIC, or of all. Succeeds when there is none. */
  stopDhcpClient(vmId: string, device?: string): void
  /** Ends everything that runs in the guest, also what a visitor started there, and resolves when it is gone. */
  endAll(vmId: string): Promise<void>
}

export interface DhcpClient {
  readonly device: string
  readonly hostName: string
  readonly address?: string | undefined
  /** Takes a line for each lease. */
  readonly log: string
}

export function createGuestProcesses(): GuestProcesses {
  /** Those that this agent started, from before they are in the guest: until then no look into the guest finds them. */
  const started = new Map<string, ChildProcess>()
  const keyOf = (vmId: string, device: string) => `${vmId} ${device}`

  async function startDhcpClient(vmId: string, { device, hostName, address, log }: DhcpClient): Promise<void> {
    const argv = ['ip', 'netns', 'exec', namespaceOf(vmId), ...dhcpArgv(device, hostName, address)]
    const begun = performance.now()
    const file = openSync(log, 'a')
    const child = spawn('ip', argv.slice(1), {
      detached: true,
      // What it says itself is a line each second while nobody answers.
      stdio: ['ignore', file, 'ignore'],
    })
    closeSync(file)
    const key = keyOf(vmId, device)
    started.set(key, child)
    child.on('exit', () => started.get(key) === child && started.delete(key))
    await once(child, 'spawn')
    commands.publish({ argv, ms: performance.now() - begun } satisfies CommandEnded)
    child.unref()
  }

  function stopDhcpClient(vmId: string, device?: string): void {
    for (const [key, child] of started)
      if (device === undefined ? key.startsWith(keyOf(vmId, '')) : key === keyOf(vmId, device)) child.kill('SIGKILL')
    for (const pid of processesIn(vmId)) if (isDhcpClient(pid, device)) kill(pid)
  }

  async function endAll(vmId: string): Promise<void> {
    for (const [key, child] of started) if (key.startsWith(keyOf(vmId, ''))) child.kill('SIGKILL')
    const deadline = performance.now() + deathTimeoutMs
    // Again and again, as a process may start another one while it is looked for.
    for (let pids = processesIn(vmId); pids.length > 0; pids = processesIn(vmId)) {
      if (performance.now() > deadline) throw new Error(`processes of guest ${vmId} survive SIGKILL: ${pids}`)
      for (const pid of pids) kill(pid)
      await delay(pollMs)
    }
  }

  return { startDhcpClient, stopDhcpClient, endAll }
}

function dhcpArgv(device: string, hostName: string, address: string | undefined): string[] {
  const client = ['busybox', 'udhcpc', '-f', '-i', device, '-s', script, '-x', `hostname:${hostName}`]
  const bounds = ['-t', '20', '-T', '1', '-A', '5']
  return [...client, ...bounds, ...(address ? ['-r', address] : [])]
}

/** Zombies are in no namespace any more. */
function processesIn(vmId: string): number[] {
  const namespace = statSync(`/run/netns/${namespaceOf(vmId)}`, { throwIfNoEntry: false })
  if (!namespace) return []
  const link = `net:[${namespace.ino}]`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => quietly(() => readlinkSync(`/proc/${pid}/ns/net`)) === link)
    .map(Number)
}

function isDhcpClient(pid: number, device: string | undefined): boolean {
  const argv = quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? []
  return argv[1] === 'udhcpc' && (device === undefined || argv[argv.indexOf('-i') + 1] === device)
}

/** undefined for a process that ended meanwhile. */
function quietly<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
