// What the checks of the suite share: the bed with a driver on each host, and the order that is restored after each check.
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { VifDriver } from '../contract.ts'
import type { BedHost, BedNic, DriverBed, RunningDriver } from './bed.ts'
import { type NicOnHost, nicOnHost } from './nic-on-host.ts'

export interface Trial {
  readonly bed: DriverBed
  readonly host: BedHost
  /** The second host. Only where the bed has one. */
  readonly other: BedHost
  driverOn(host: BedHost): VifDriver
  /** Whether `restart` ends the driver in the middle of what it does. */
  readonly canBeKilled: boolean
  /** A new NIC, not plugged yet, on the first host unless told otherwise. */
  newNic(host?: BedHost): Promise<NicOnHost>
  /** A NIC that the bed knows already, or that comes from another host with its element. */
  place(nic: BedNic, host: BedHost, domxml?: string): NicOnHost
  /** A new NIC that is plugged. */
  plugged(host?: BedHost): Promise<NicOnHost>
  /** Ends the driver and makes it anew. */
  restart(host: BedHost): Promise<void>
  /** Fails unless frames go between the two, at once. True without a look where the driver connects nothing. */
  assertWired(one: NicOnHost, other: NicOnHost): Promise<void>
  /** Fails if the host still has anything after so many ms (0) that it had not before its driver was made. */
  assertNothingLeft(host?: BedHost, withinMs?: number): Promise<void>
  /** Takes down what a check has left up, so that the next one begins on empty hosts. */
  tidy(): Promise<void>
}

export async function startTrial(bed: DriverBed): Promise<Trial & AsyncDisposable> {
  const before = new Map<BedHost, readonly string[]>()
  const running = new Map<BedHost, RunningDriver>()
  const placed = new Set<NicOnHost>()
  for (const host of bed.hosts) before.set(host, await host.traces())
  await Promise.all(bed.hosts.map(async (host) => running.set(host, await host.startDriver())))
  const trial: Trial = {
    bed,
    host: bed.hosts[0]!,
    other: bed.hosts[1]!,
    canBeKilled: running.get(bed.hosts[0]!)!.canBeKilled,
    driverOn: (host) => running.get(host)!.driver,
    newNic: async (host = trial.host) => trial.place(await bed.newNic(), host),
    place(nic, host, domxml) {
      const one = nicOnHost(host, trial.driverOn(host), nic, domxml)
      placed.add(one)
      return one
    },
    async plugged(host) {
      const one = await trial.newNic(host)
      await one.plug()
      return one
    },
    async restart(host) {
      await running.get(host)!.kill()
      running.set(host, await host.startDriver())
      for (const one of placed) if (one.host === host) one.use(trial.driverOn(host))
    },
    async assertWired(one, other) {
      const wired = !bed.carries || (await bed.carries(one, other))
      assert(wired, `no frames go between ${nameOf(one)} and ${nameOf(other)}`)
    },
    async assertNothingLeft(host = trial.host, withinMs = 0) {
      const left = async () => (await host.traces()).filter((trace) => !before.get(host)!.includes(trace))
      const deadline = performance.now() + withinMs
      let now = await left()
      for (; now.length > 0 && performance.now() < deadline; now = await left()) await pause(50)
      assert.deepEqual(now, [], `left on ${host.name}`)
    },
    async tidy() {
      for (const one of placed) await one.removeInterface()
      for (const one of placed) await one.call('unplug_device', 'after')
      placed.clear()
    },
  }
  // What a bed has started need not keep this process alive, which must not end before it has put all away.
  const alive = setInterval(() => {}, 60_000)
  return {
    ...trial,
    async [Symbol.asyncDispose]() {
      try {
        for (const { kill } of running.values()) await kill()
        await bed[Symbol.asyncDispose]()
      } finally {
        clearInterval(alive)
      }
    },
  }
}

const nameOf = ({ nic, host }: NicOnHost) => `${nic.properties.vnic_id} on ${host.name}`
