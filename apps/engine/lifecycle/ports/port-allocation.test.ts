// Security groups: what the profile's property means, and when a port is changed because of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedSecurityGroups, wantedSecurityGroups } from './port-allocation.ts'

test('the property SecurityGroups is absent, empty, or a list', () => {
  assert.equal(wantedSecurityGroups(undefined), undefined)
  assert.deepEqual(wantedSecurityGroups(''), [])
  assert.deepEqual(wantedSecurityGroups('a'), ['a'])
  assert.deepEqual(wantedSecurityGroups('a, b,c'), ['a', 'b', 'c'])
})

for (const [current, wanted, sent] of [
  [[], undefined, null],
  [['default'], undefined, undefined],
  [[], [], undefined],
  [['a'], [], []],
  [[], ['a'], ['a']],
  [['a', 'b'], ['b', 'a'], undefined],
  [['a', 'b'], ['a'], ['a']],
  [['a', 'a'], ['a'], ['a']],
] as const) {
  test(`a port with [${current}] whose profile wants ${JSON.stringify(wanted)} is sent ${JSON.stringify(sent)}`, () => {
    assert.deepEqual(changedSecurityGroups(current, wanted), sent)
  })
}
