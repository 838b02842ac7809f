// The provider killed at every call that engine or hosts make to it: once it is back, all three agree.
import { after, before, test } from 'node:test'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { type Bed, startBed } from './bed.ts'
import { killAtEveryCall } from './kill-at-every-call.ts'
import { killProvider } from './kills.ts'
import { deleteNic, plugNic, runVm } from './operations.ts'

const skip = labUnavailable()
let bed: Bed

before(async () => {
  if (!skip) bed = await startBed()
})
after(() => bed?.[Symbol.asyncDispose]())

for (const operation of [plugNic, runVm, deleteNic]) {
  test(`kill -9 of the provider while the engine ${operation.title}`, { skip }, (t) =>
    killAtEveryCall(t, bed, operation, killProvider(bed)),
  )
}
