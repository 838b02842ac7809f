import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownOneByOne } from './shown-groups.ts'
import { emptyTally } from './tally.ts'

const many = (of: string, length: number, change: object = {}) =>
  Array.from({ length }, (_, at) => ({ ...emptyTally(), id: `${of}${at}`, of, nics: at, ...change }))
const none = new Set<string>()

test('of many, those that are broken are shown, then those with the most vNICs', () => {
  const broken = { ...emptyTally(), id: 'broken', of: 'a', nics: 1, broken: 1 }
  const shown = shownOneByOne([...many('a', 100), broken], none, none)
  assert.equal(shown.size, 30)
  assert.ok(shown.has('broken') && shown.has('a99') && shown.has('a71'))
  assert.ok(!shown.has('a70'))
})

test('what is expanded has room of its own, and what is needed is there', () => {
  const shown = shownOneByOne([...many('a', 300), ...many('b', 100)], new Set(['a']), new Set(['b0']))
  assert.deepEqual([[...shown].filter((id) => id.startsWith('a')).length, shown.size], [200, 230])
  assert.ok(shown.has('b0'))
})

test('a group of one is the one itself', () => {
  assert.equal(shownOneByOne(many('a', 31), none, none).size, 31)
  assert.equal(shownOneByOne(many('a', 32), none, none).size, 30)
})
