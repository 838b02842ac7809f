// A DHCP client for each network that asks for one: busybox's udhcpc, which outlives the agent as its addresses do.
import { mkdirSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { CommandError, run } from '@patchbay/vif-driver/command.ts'
import { interfaceOf, type NetworkConfiguration } from './network-configuration.ts'

export interface DhcpClients {
  /** Ends clients that are not these, with their leases, before links change. */
  stopOthers(wanted: readonly DhcpLink[]): Promise<void>
  /** Starts those that are missing. A server that does not answer is no error: the client goes on asking. */
  start(wanted: readonly DhcpLink[]): Promise<void>
  /** Called when a client was given an address, also long after it was started, or has lost it. */
  onLease(listener: () => void): void
}

export interface DhcpLink {
  readonly name: string
  /** The NIC, bond or VLAN below: on another one, the lease is another. */
  readonly on: string
  readonly isDefaultRoute: boolean
  /** Nobody gave the host other name servers. */
  readonly givesNameservers: boolean
}

export const dhcpLinks = ({ networks }: NetworkConfiguration): DhcpLink[] =>
  Object.entries(networks)
    .filter(([, { bootproto }]) => bootproto === 'dhcp')
    .map(([name, network]) => ({
      name: interfaceOf(name, network),
      on: [network.nic, network.bonding, network.vlan].join(),
      isDefaultRoute: network.defaultRoute,
      givesNameservers: network.defaultRoute && network.nameservers.length === 0,
    }))

const script = join(import.meta.dirname, 'dhcp-lease.sh')
/** Asks this often, each for a second, before it goes on behind. */
const tries = 4
const startMs = 15_000
const endMs = 5_000

export function createDhcpClients(dir: string, resolvConf: string): DhcpClients {
  mkdirSync(dir, { recursive: true })
  // The clients know no agent: they write down what they got, and whichever runs reads it.
  const leasesDir = `${dir}-leases`
  mkdirSync(leasesDir, { recursive: true })
  /** What a client was started for is the name of its file, so that one that is to change is another one. */
  const fileOf = ({ name, on, isDefaultRoute, givesNameservers }: DhcpLink) =>
    join(dir, `${[name, on, isDefaultRoute, givesNameservers].join('_').replaceAll(',', '-')}.pid`)

  async function startOne(link: DhcpLink): Promise<void> {
    const file = fileOf(link)
    if (clientOf(file) !== undefined) return
    const env = {
      ...process.env,
      DEFAULT_ROUTE: link.isDefaultRoute ? 'yes' : '',
      RESOLV_CONF: link.givesNameservers ? resolvConf : '',
      LEASES: leasesDir,
    }
    const client = ['busybox', 'udhcpc', '-i', link.name, '-s', script, '-p', file, '-t', String(tries)]
    // Behind, it keeps what it was started with: the pipes to us.
    const argv = ['sh', '-c', '"$@" < /dev/null > /dev/null 2>&1', 'dhcp', ...client, '-T', '1', '-A', '10', '-b', '-R']
    try {
      await run(argv, { timeoutMs: startMs, env })
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      throw vdsmError('NetworkFailedIfup', `no DHCP client (busybox udhcpc) on ${link.name}: ${error.message}`)
    }
  }

  return {
    async stopOthers(wanted) {
      const kept = wanted.map(fileOf)
      for (const file of readdirSync(dir).map((name) => join(dir, name))) if (!kept.includes(file)) await stop(file)
    },
    async start(wanted) {
      for (const link of wanted) await startOne(link)
    },
    onLease: (listener) => void watch(leasesDir, { persistent: false }, listener),
  }
}

/** The id of the process, if it is one of ours still. */
function clientOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(file) ? pid : undefined
  } catch {
    return undefined
  }
}

/** It gives its lease back, and takes the address away. */
async function stop(file: string): Promise<void> {
  for (const deadline = performance.now() + endMs; ; ) {
    const pid = clientOf(file)
    if (pid === undefined) break
    const isLate = performance.now() > deadline
    try {
      process.kill(pid, isLate ? 'SIGKILL' : 'SIGTERM')
    } catch {
      // It has just ended.
    }
    await delay(20)
  }
  rmSync(file, { force: true })
}
