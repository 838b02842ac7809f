// The vNIC's form: its rules, and the requests it makes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blankNic, nicChanges, nicForm, nicMistakes, nicRequest } from './nic-form.ts'

const form = { ...blankNic, name: 'nic1', profileId: 'p' }
const wrong = (change: object, isExternal = true) =>
  Object.keys(nicMistakes({ ...form, ...change }, () => isExternal)).sort()

test('each mistake is told at its field', () => {
  assert.deepEqual(wrong({}), [])
  assert.deepEqual(wrong({ name: '', mac: '00:11' }), ['mac', 'name'])
  assert.deepEqual(wrong({ linked: false }), ['linked'])
  assert.deepEqual(wrong({ linked: false }, false), [], 'only external networks need a link')
  assert.deepEqual(wrong({ linked: false, plugged: false }), [])
})

test('a new one without an address gets one of the pool; without a profile it says so', () => {
  assert.ok(!('mac' in nicRequest(form)))
  assert.deepEqual(nicRequest({ ...form, profileId: '' }).vnic_profile, {})
})

test('an edit sends only what was changed', () => {
  const before = nicForm({
    name: 'nic1',
    vnic_profile: { id: 'p' },
    mac: { address: '00:1a:4a:16:01:51' },
    plugged: true,
  })
  assert.deepEqual(nicChanges(before, before), {})
  assert.deepEqual(nicChanges(before, { ...before, plugged: false }), { plugged: false })
  assert.deepEqual(nicChanges(before, { ...before, profileId: '' }), { vnic_profile: {} })
})
