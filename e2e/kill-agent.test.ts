// A host's agent killed at every call that the engine makes to it, and at every call its driver makes to the provider in
// the middle of that: once it is back, all three agree. The VMs of the host live on meanwhile.
import { after, before, test } from 'node:test'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { type Bed, startBed } from './bed.ts'
import { killAtEveryCall } from './kill-at-every-call.ts'
import { killAgent } from './kills.ts'
import { deleteNic, plugNic, runVm } from './operations.ts'

const skip = labUnavailable()
let bed: Bed

before(async () => {
  if (!skip) bed = await startBed()
})
after(() => bed?.[Symbol.asyncDispose]())

for (const operation of [plugNic, runVm, deleteNic]) {
  test(`kill -9 of the agent while the engine ${operation.title}`, { skip }, (t) =>
    killAtEveryCall(t, bed, operation, killAgent(bed)),
  )
}
