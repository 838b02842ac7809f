// How busy the host is, in VDSM's words: CPUs since the last look, memory and swap. proc(5): /proc/stat, /proc/meminfo.
import { readFileSync } from 'node:fs'

export interface CpuTimes {
  /** All in the same unit, since the host started. */
  readonly user: number
  readonly system: number
  readonly total: number
}

/** A look sooner than this after another one would see nothing. */
const leastMs = 1_000

/** Answers the load since it was last asked for, the first time since the host started. */
export function createHostLoad(): () => Record<string, unknown> {
  let before: CpuTimes = { user: 0, system: 0, total: 0 }
  let own = { cpu: process.cpuUsage(), at: performance.now() }
  let usage: Record<string, string> = {}
  let lookedAt = Number.NEGATIVE_INFINITY
  return () => {
    const stat = readFileSync('/proc/stat', 'utf8')
    if (performance.now() >= lookedAt + leastMs) {
      const now = cpuTimes(stat)
      usage = { ...cpuUsage(before, now), ...ownUsage(process.cpuUsage(own.cpu), performance.now() - own.at) }
      before = now
      lookedAt = performance.now()
      own = { cpu: process.cpuUsage(), at: lookedAt }
    }
    return { ...usage, ...memory(readFileSync('/proc/meminfo', 'utf8')), bootTime: bootTime(stat) }
  }
}

/** Of /proc/stat. */
export function cpuTimes(stat: string): CpuTimes {
  const times = /^cpu +(.*)$/m.exec(stat)![1]!.split(' ').map(Number)
  const [user = 0, nice = 0, system = 0] = times
  // What guests take is in the first two already.
  return { user: user + nice, system, total: times.slice(0, 8).reduce((sum, time) => sum + time, 0) }
}

/** Percent. Waiting, interrupts and stolen time count as idle, as in VDSM. */
export function cpuUsage(before: CpuTimes, now: CpuTimes): Record<'cpuUser' | 'cpuSys' | 'cpuIdle', string> {
  const share = (part: 'user' | 'system') => (100 * (now[part] - before[part])) / Math.max(now.total - before.total, 1)
  const [user, system] = [share('user'), share('system')]
  return {
    cpuUser: user.toFixed(2),
    cpuSys: system.toFixed(2),
    cpuIdle: Math.max(100 - user - system, 0).toFixed(2),
  }
}

/** Percent of one CPU, as in VDSM: what the agent itself took. `cpu` in microseconds. */
export function ownUsage(
  { user, system }: NodeJS.CpuUsage,
  ms: number,
): Record<'cpuUserVdsmd' | 'cpuSysVdsmd', string> {
  const share = (microseconds: number) => (microseconds / 10 / Math.max(ms, 1)).toFixed(2)
  return { cpuUserVdsmd: share(user), cpuSysVdsmd: share(system) }
}

/** Of /proc/meminfo, which counts in KiB. VDSM: memUsed in percent, swap in MiB. */
export function memory(meminfo: string): Record<string, unknown> {
  const kib = new Map([...meminfo.matchAll(/^(\w+): +(\d+)/gm)].map(([, name, value]) => [name, Number(value)]))
  const of = (name: string) => kib.get(name) ?? 0
  const free = of('MemFree') + of('Cached') + of('Buffers')
  return {
    memUsed: String(100 - Math.floor((100 * free) / Math.max(of('MemTotal'), 1))),
    anonHugePages: String(Math.floor(of('AnonHugePages') / 1024)),
    swapTotal: Math.floor(of('SwapTotal') / 1024),
    swapFree: Math.floor(of('SwapFree') / 1024),
  }
}

/** Seconds since the epoch. */
const bootTime = (stat: string) => /^btime (\d+)$/m.exec(stat)?.[1] ?? '0'
