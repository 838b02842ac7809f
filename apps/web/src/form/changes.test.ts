import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from './changes.ts'

test('what differs is a change, also within lists and objects', () => {
  const before = { name: 'a', filter: { id: '1' }, properties: [{ name: 'p', value: '1' }], isPublic: true }
  assert.deepEqual(changesOf(before, structuredClone(before)), {})
  assert.deepEqual(changesOf(before, { ...before, isPublic: false, name: '' }), { name: '', isPublic: false })
  const other = { ...before, filter: { id: '2' }, properties: [] }
  assert.deepEqual(changesOf(before, other), { filter: { id: '2' }, properties: [] })
})

test('what is new is a change, what is not said any more is none', () => {
  assert.deepEqual(changesOf<{ a?: string; b?: string }>({ a: 'x' }, { b: 'y' }), { b: 'y' })
})
