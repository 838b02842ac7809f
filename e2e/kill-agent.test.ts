// A host's agent killed at every call that the engine makes to it, and at every call its driver makes to the provider in
// the middle of that: once it is back, all three agree. The VMs of the host live on meanwhile.
import { test } from 'node:test'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { startBed } from './bed.ts'
import { killAtEveryCall } from './kill-at-every-call.ts'
import { killAgent } from './kills.ts'
import { deleteNic, plugNic, runVm } from './operations.ts'

for (const operation of [plugNic, runVm, deleteNic]) {
  test(`kill -9 of the agent while the engine ${operation.title}`, { skip: labUnavailable() }, async (t) => {
    await using bed = await startBed()
    await killAtEveryCall(t, bed, operation, killAgent(bed))
  })
}
