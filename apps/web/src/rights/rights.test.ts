// What somebody may do where.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Rights } from '../session/session.ts'
import { may, mayAnywhere, objectsOf, system } from './rights.ts'

const withPermit = (object: string, permit: string): Rights => ({
  ...{ administrator: false, everything: false },
  grants: [{ object, permits: [permit] }],
})
const clusters = [{ id: 'c', data_center: { id: 'dc' } }]
const vm = { id: 'vm', cluster: { id: 'c' } }

test('a permit counts for the thing and for all that belongs to it', () => {
  const objects = objectsOf([vm], clusters)
  for (const object of ['vm', 'c', 'dc', system])
    assert.ok(may(withPermit(object, 'run_vm'), 'run_vm', objects), object)
  assert.ok(!may(withPermit('other', 'run_vm'), 'run_vm', objects))
  assert.ok(!may(withPermit('vm', 'stop_vm'), 'run_vm', objects))
})

test('what is made somewhere needs the permit anywhere; on nothing in particular, on the system', () => {
  assert.ok(mayAnywhere(withPermit('dc', 'create_cluster'), 'create_cluster'))
  assert.ok(!mayAnywhere(withPermit('dc', 'create_cluster'), 'create_vm'))
  assert.ok(!may(withPermit('dc', 'create_cluster'), 'create_cluster', []))
})

test('whoever may do everything needs no permit', () => {
  const rights = { administrator: true, everything: true, grants: [] }
  assert.ok(may(rights, 'run_vm', []))
  assert.ok(mayAnywhere(rights, 'run_vm'))
})
