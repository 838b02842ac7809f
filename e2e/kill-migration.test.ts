// The engine, the provider and the agents of both hosts killed at every call that a migration takes: the VM is on one of
// the hosts, its port is wired there, and it can be moved again.
import { after, before, test } from 'node:test'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { type Bed, startBed } from './bed.ts'
import { killAtEveryCall } from './kill-at-every-call.ts'
import { killAgent, killEngine, killProvider } from './kills.ts'
import { migrateVm } from './operations.ts'

const skip = labUnavailable()
let bed: Bed

before(async () => {
  if (!skip) bed = await startBed()
})
after(() => bed?.[Symbol.asyncDispose]())

for (const [who, killing] of [
  ['the engine', killEngine],
  ['the provider', killProvider],
  ['either agent', killAgent],
] as const) {
  test(`kill -9 of ${who} while the engine migrates a VM`, { skip }, (t) =>
    killAtEveryCall(t, bed, migrateVm, killing(bed)),
  )
}
