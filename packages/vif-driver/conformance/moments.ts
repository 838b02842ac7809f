// Moments in the middle of a call. They are taken from the clock, since nothing announces them: the call is timed first.
import { setTimeout as delay } from 'node:timers/promises'
import type { Trial } from './trial.ts'

const fractions = [0, 0.25, 0.5, 0.75]

/** Functions that end a part of a call's usual time after they were called. */
export async function* momentsOf(trial: Trial, verb: 'plug' | 'unplug'): AsyncGenerator<() => Promise<void>> {
  const usualMs = await timeOf(trial, verb)
  for (const fraction of fractions) yield () => delay(usualMs * fraction)
}

async function timeOf(trial: Trial, verb: 'plug' | 'unplug'): Promise<number> {
  const nic = await trial.newNic()
  const begun = performance.now()
  await nic.call('plug_device', 'before')
  const plugged = performance.now()
  await nic.call('unplug_device', 'after')
  return verb === 'plug' ? plugged - begun : performance.now() - plugged
}
