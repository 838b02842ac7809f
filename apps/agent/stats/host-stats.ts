// Host.getStats: counters of every link and what the host has to do, in VDSM's shapes (totals are strings).
import { readdirSync, readFileSync } from 'node:fs'
import { freemem, loadavg } from 'node:os'
import type { HookRunner } from '../hooks/hook-runner.ts'
import { type NetworkStore, netConfigDirty } from '../network-setup/network-store.ts'
import type { VmStore } from '../vm-records/vm-store.ts'

export interface HostStatsParts {
  readonly hooks: HookRunner
  readonly store: VmStore
  readonly networkStore: NetworkStore
  /** CPUs, memory, swap. */
  readonly load: () => Record<string, unknown>
}

export async function getHostStats(parts: HostStatsParts): Promise<unknown> {
  await parts.hooks.runJson('before_get_stats', {})
  return parts.hooks.runJson('after_get_stats', ownStats(parts))
}

function ownStats({ store, networkStore, load }: HostStatsParts): Record<string, unknown> {
  const vms = store.all()
  const [load1 = 0] = loadavg()
  return {
    ...networkStatistics(),
    ...load(),
    netConfigDirty: netConfigDirty(networkStore),
    memFree: Math.floor(freemem() / 1_048_576),
    cpuLoad: load1.toFixed(2),
    elapsedTime: String(Math.floor(process.uptime())),
    // The agent has no storage.
    storageDomains: {},
    haStats: notForTheEngine,
    vmCount: vms.length,
    vmActive: vms.filter(({ status }) => status === 'Up').length,
    vmMigrating: vms.filter(({ status }) => status.startsWith('Migration')).length,
    incomingVmMigrations: vms.filter(({ status }) => status === 'Migration Destination').length,
    outgoingVmMigrations: vms.filter(({ status }) => status === 'Migration Source').length,
    dateTime: `${new Date().toISOString().slice(0, 19)} GMT`,
  }
}

/** The engine's own VM is nobody's here. */
const notForTheEngine = {
  configured: false,
  active: false,
  score: 0,
  globalMaintenance: false,
  localMaintenance: false,
}

interface LinkStatistics {
  readonly name: string
  readonly rx: string
  readonly tx: string
  readonly rxErrors: string
  readonly txErrors: string
  readonly rxDropped: string
  readonly txDropped: string
  readonly speed: string
  readonly state: 'up' | 'down'
  readonly duplex: string
  /** Seconds since the epoch. */
  readonly sampleTime: number
}

export interface NetworkStatistics {
  readonly network: Readonly<Record<string, LinkStatistics>>
  readonly rxDropped: string
  readonly txDropped: string
}

/** Every link of the host, as in Host.getNetworkStatistics. */
export function networkStatistics(): NetworkStatistics {
  const links = readdirSync('/sys/class/net').flatMap((name) => linkStatistics(name) ?? [])
  const total = (counter: 'rxDropped' | 'txDropped') =>
    String(links.reduce((sum, link) => sum + BigInt(link[counter]), 0n))
  return {
    network: Object.fromEntries(links.map((link) => [link.name, link])),
    rxDropped: total('rxDropped'),
    txDropped: total('txDropped'),
  }
}

/** undefined for a link that went away meanwhile. */
function linkStatistics(name: string): LinkStatistics | undefined {
  const read = (file: string) => readFileSync(`/sys/class/net/${name}/${file}`, 'utf8').trim()
  try {
    return {
      name,
      rx: read('statistics/rx_bytes'),
      tx: read('statistics/tx_bytes'),
      rxErrors: read('statistics/rx_errors'),
      txErrors: read('statistics/tx_errors'),
      rxDropped: read('statistics/rx_dropped'),
      txDropped: read('statistics/tx_dropped'),
      speed: speedOf(name),
      state: ['up', 'unknown'].includes(read('operstate')) ? 'up' : 'down',
      duplex: 'full',
      sampleTime: Date.now() / 1000,
    }
  } catch {
    return undefined
  }
}

/** VDSM says 1000 where the kernel does not know. */
function speedOf(name: string): string {
  try {
    const speed = Number(readFileSync(`/sys/class/net/${name}/speed`, 'utf8'))
    return speed > 0 ? String(speed) : '1000'
  } catch {
    return '1000'
  }
}
