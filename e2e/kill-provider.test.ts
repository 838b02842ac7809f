// The provider killed at every call that engine or hosts make to it: once it is back, all three agree.
import { test } from 'node:test'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { startBed } from './bed.ts'
import { killAtEveryCall } from './kill-at-every-call.ts'
import { killProvider } from './kills.ts'
import { deleteNic, plugNic, runVm } from './operations.ts'

for (const operation of [plugNic, runVm, deleteNic]) {
  test(`kill -9 of the provider while the engine ${operation.title}`, { skip: labUnavailable() }, async (t) => {
    await using bed = await startBed()
    await killAtEveryCall(t, bed, operation, killProvider(bed))
  })
}
