// What runs in a netns guest: a DHCP client for each NIC. The guest's processes outlive the agent.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { run } from '@patchbay/vif-driver/command.ts'
import { inGuest, namespaceOf } from './guest-nics.ts'

const script = join(import.meta.dirname, 'guest-dhcp.sh')
const starter = join(import.meta.dirname, 'guest-dhcp-clients.sh')
const deathTimeoutMs = 10_000
const pollMs = 5

export interface GuestProcesses {
  /**
   * Starts DHCP clients that ask until they are answered, for `address` if the guest has one already. There are none for
   * these NICs yet.
   */
  startDhcpClients(vmId: string, hostName: string, clients: readonly DhcpClient[]): Promise<void>
  /** Ends the client of one NIC, or of all. Resolves when there is none, also of those that are just being started. */
  stopDhcpClients(vmId: string, device?: string): Promise<void>
  /** Ends everything that runs in the guest, also what a visitor started there, and resolves when it is gone. */
  endAll(vmId: string): Promise<void>
}

export interface DhcpClient {
  readonly device: string
  readonly address?: string | undefined
  /** Takes a line for each lease. */
  readonly log: string
}

export function createGuestProcesses(): GuestProcesses {
  /** By VM, from before they are in the guest: until then no look into the guest finds them. */
  const starts = new Map<string, { abort(): void; over: Promise<unknown> }>()

  async function startDhcpClients(vmId: string, hostName: string, clients: readonly DhcpClient[]): Promise<void> {
    if (clients.length === 0) return
    await starts.get(vmId)?.over
    const abortion = new AbortController()
    // A session of their own: they outlive the agent, and what ends its process group.
    const argv = [...inGuest(vmId), 'setsid', 'sh', starter, script, hostName, ...clients.flatMap(argumentsOf)]
    const running = run(argv, { signal: abortion.signal })
    const start = { abort: () => abortion.abort(), over: running.catch(() => {}) }
    starts.set(vmId, start)
    await running.finally(() => starts.get(vmId) === start && starts.delete(vmId))
  }

  async function stopDhcpClients(vmId: string, device?: string): Promise<void> {
    await starts.get(vmId)?.over
    const deadline = performance.now() + deathTimeoutMs
    for (;;) {
      // Looked at once: what the starter began becomes a client at any moment.
      const found = processesIn(vmId).map((pid) => ({ pid, argv: argvOf(pid) }))
      for (const { pid, argv } of found) if (isDhcpClient(argv, device)) kill(pid)
      if (!found.some(({ argv }) => argv[1] === starter)) return
      if (performance.now() > deadline) throw new Error(`the DHCP clients of guest ${vmId} do not come to be`)
      await delay(pollMs)
    }
  }

  async function endAll(vmId: string): Promise<void> {
    const start = starts.get(vmId)
    start?.abort()
    await start?.over
    const deadline = performance.now() + deathTimeoutMs
    // Again and again, as a process may start another one while it is looked for.
    for (let pids = processesIn(vmId); pids.length > 0; pids = processesIn(vmId)) {
      if (performance.now() > deadline) throw new Error(`processes of guest ${vmId} survive SIGKILL: ${pids}`)
      for (const pid of pids) kill(pid)
      await delay(pollMs)
    }
  }

  return { startDhcpClients, stopDhcpClients, endAll }
}

/** As the starter takes them. */
const argumentsOf = ({ device, address = '', log }: DhcpClient) => [device, log, address]

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

const isDhcpClient = (argv: readonly string[], device: string | undefined) =>
  argv[1] === 'udhcpc' && (device === undefined || argv[argv.indexOf('-i') + 1] === device)

const argvOf = (pid: number) => quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? []

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
