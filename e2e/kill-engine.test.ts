// The engine killed at every call it makes to the outside, before the call is passed on and after its answer came: once
// it runs again, what it was doing is finished or undone on all three sides, and can be done again.
import { after, before, test } from 'node:test'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { type Bed, startBed } from './bed.ts'
import { killAtEveryCall } from './kill-at-every-call.ts'
import { killEngine } from './kills.ts'
import { addNic, deleteNic, plugNic, removeNetwork, removeVm, runVm, stopVm, unplugNic } from './operations.ts'

const skip = labUnavailable()
let bed: Bed

before(async () => {
  if (!skip) bed = await startBed()
})
after(() => bed?.[Symbol.asyncDispose]())

for (const operation of [runVm, stopVm, plugNic, addNic, unplugNic, deleteNic, removeNetwork, removeVm]) {
  test(`kill -9 of the engine while it ${operation.title}`, { skip }, (t) =>
    killAtEveryCall(t, bed, operation, killEngine(bed)),
  )
}
