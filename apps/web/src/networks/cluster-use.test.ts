// What a network is for in a cluster: the rules of the dialog, and the request it makes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedUse, clusterUseOf, clusterUseRequest, whyNotUse } from './cluster-use.ts'

const nothing = clusterUseOf({})

test('a network that becomes the management network is required, and stays both', () => {
  const management = changedUse(nothing, { management: true })
  assert.deepEqual([management.management, management.required], [true, true])
  assert.match(whyNotUse('required', {}, nothing, management)!, /always required/)
  assert.equal(whyNotUse('management', {}, nothing, management), undefined, 'it is not saved yet')
  assert.match(whyNotUse('management', {}, management, management)!, /Give it to another network/)
})

test('an external network has none of these uses', () => {
  for (const what of ['required', 'management', 'display', 'migration', 'gluster', 'default_route'] as const) {
    assert.match(whyNotUse(what, { external_provider: { id: 'p' } }, nothing, nothing)!, /Not for external networks/)
    assert.equal(whyNotUse(what, {}, nothing, nothing), undefined)
  }
})

test('the request has what the cluster told, changed', () => {
  const attached = { usages: ['vm', 'display', 'default_route'] as const, required: true }
  const use = changedUse(clusterUseOf({ ...attached, usages: [...attached.usages] }), {
    display: false,
    migration: true,
  })
  assert.deepEqual(clusterUseRequest(use, { usages: ['vm', 'display', 'default_route'] }), {
    required: true,
    usages: ['vm', 'migration', 'default_route'],
  })
})
