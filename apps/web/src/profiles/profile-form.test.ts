import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from '../form/changes.ts'
import { profileForm, profileMistakes, profileOf, withPassThrough } from './profile-form.ts'

const profile = {
  id: 'p',
  href: '',
  name: 'guests',
  port_mirroring: true,
  network_filter: { id: 'f' },
  pass_through: { mode: 'disabled' as const },
}

test('a name is needed, and properties are lines', () => {
  assert.deepEqual(Object.keys(profileMistakes({ ...profileForm(), name: ' ', properties: 'x' })), [
    'name',
    'properties',
  ])
  assert.deepEqual(profileMistakes(profileForm(profile)), {})
})

test('with pass-through go filter and mirroring; without it goes migration', () => {
  const before = profileForm(profile)
  const passing = { ...before, ...withPassThrough(true), migratable: true }
  assert.deepEqual(changesOf(profileOf(before), profileOf(passing)), {
    network_filter: {},
    port_mirroring: false,
    pass_through: { mode: 'enabled' },
    migratable: true,
  })
  const again = { ...passing, ...withPassThrough(false) }
  assert.deepEqual([again.passThrough, again.migratable], [false, false])
})

test('a profile that nothing was changed of asks for nothing', () => {
  assert.deepEqual(changesOf(profileOf(profileForm(profile)), profileOf(profileForm(profile))), {})
})
