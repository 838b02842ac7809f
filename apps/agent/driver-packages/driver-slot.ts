// A driver that can be replaced by another version of itself while VMs run.
import { type VifDriver, verbs } from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'

export interface DriverSlot {
  /** The driver that is in it, for the registry: its calls and a change of the slot wait for each other. */
  driver(): VifDriver
  /** Waits for the calls under way, then puts in what `start` answers; if that fails, the one before stays. */
  replace(start: () => Promise<VifDriver>): Promise<void>
}

export function createDriverSlot(first: VifDriver): DriverSlot {
  let current = first
  let change: Promise<unknown> = Promise.resolve()
  const calls = new Set<Promise<unknown>>()

  async function pass<Result>(work: () => Promise<Result>): Promise<Result> {
    await change
    const call = work()
    const settled = call.catch(() => {}).finally(() => calls.delete(settled))
    calls.add(settled)
    return call
  }

  /** A call that waited meets the version that is there then, which may know fewer verbs. */
  const callOf =
    (verb: (typeof verbs)[number]) =>
    (...given: unknown[]) =>
      pass(async () => {
        const work = current[verb] as ((...given: unknown[]) => Promise<unknown>) | undefined
        if (!work) throw new DriverError('unsupported', `version ${current.manifest.version} has no ${verb}`)
        return work(...given)
      })

  return {
    driver() {
      const spoken = verbs.filter((verb) => current[verb])
      const calling = Object.fromEntries(spoken.map((verb) => [verb, callOf(verb)]))
      return { manifest: current.manifest, ...calling } as unknown as VifDriver
    },
    async replace(start) {
      const turn = change.then(async () => {
        await Promise.all(calls)
        current = await start()
      })
      change = turn.catch(() => {})
      await turn
    },
  }
}
