// What vNICs counted within the last minutes: kept in memory, from what hosts tell of all of their VMs anyway. So it is there
// whoever looks, whenever they begin, and hosts are asked nothing more. About 3 kB for each vNIC that runs.

import type { NicOnHost, VmReport } from './vm-watch.ts'

export interface TrafficSample {
  readonly hostId: string
  /** ms since 1970, of this engine's clock. */
  readonly time: number
  /** Seconds of the host's own clock. */
  readonly sampleTime: number
  /** Bytes since it was plugged. */
  readonly rx: number
  readonly tx: number
}

export interface TrafficHistory {
  record(hostId: string, reports: readonly VmReport[]): void
  /** The oldest first. */
  of(vmId: string, mac: string): readonly TrafficSample[]
}

/** Hosts are asked every 15 s. */
export const trafficMinutes = 10
const mostSamples = 4 * trafficMinutes + 4
const windowMs = trafficMinutes * 60_000

export function createTrafficHistory(clock: () => number = Date.now): TrafficHistory {
  const samples = new Map<string, TrafficSample[]>()
  let forgotAt = clock()

  /** VMs go, and so do their vNICs. */
  function forgetOld(now: number): void {
    if (now - forgotAt < 60_000) return
    forgotAt = now
    for (const [key, all] of samples) if (now - all.at(-1)!.time > windowMs) samples.delete(key)
  }

  return {
    record(hostId, reports) {
      const time = clock()
      forgetOld(time)
      for (const { vmId, network = {} } of reports) {
        for (const nic of Object.values(network)) {
          const sample = sampleOf(hostId, time, nic)
          if (!sample) continue
          const key = keyOf(vmId, nic.macAddr)
          const known = samples.get(key) ?? []
          if (known.length === mostSamples) known.shift()
          known.push(sample)
          samples.set(key, known)
        }
      }
    },
    of: (vmId, mac) => samples.get(keyOf(vmId, mac)) ?? [],
  }
}

const keyOf = (vmId: string, mac: string) => `${vmId}/${mac.toLowerCase()}`

function sampleOf(hostId: string, time: number, nic: NicOnHost): TrafficSample | undefined {
  if (nic.rx === undefined || nic.tx === undefined) return undefined
  const { rx, tx, sampleTime = time / 1000 } = nic
  return { hostId, time, sampleTime, rx: Number(rx), tx: Number(tx) }
}
