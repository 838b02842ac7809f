import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeededRandom } from '../testing/random.ts'
import { type IndexKey, LiveRowIndex } from './row-index.ts'

interface Item {
  readonly id: string
  readonly keys: readonly IndexKey[]
}

const ignore = () => {}

test('an index finds what a search through all rows finds, after any changes', () => {
  const random = new SeededRandom(5)
  const rows = new Map<string, Item>()
  const index = new LiveRowIndex<Item>(rows, ({ keys }) => keys, ignore)
  for (let round = 0; round < 3000; round++) {
    const id = `r${random.below(30)}`
    const before = rows.get(id)
    const after =
      random.next() < 0.3 ? undefined : { id, keys: random.sample(['a', 'b', 'c', 1, true], random.below(4)) }
    if (after) rows.set(id, after)
    else rows.delete(id)
    index.update(id, before, after)
    for (const key of ['a', 'b', 'c', 1, true]) {
      const found = [...rows.values()].filter(({ keys }) => keys.includes(key)).sort((a, b) => (a.id < b.id ? -1 : 1))
      assert.deepEqual(
        [...index.all(key)].sort((a, b) => (a.id < b.id ? -1 : 1)),
        found,
      )
      assert.equal(index.get(key), found[0])
    }
    assert.deepEqual(new Set(index.keys()), new Set([...rows.values()].flatMap(({ keys }) => keys)))
  }
})

test('an index made late has the rows that are there already', () => {
  const rows = new Map([['r1', { id: 'r1', keys: ['a'] }]])
  const index = new LiveRowIndex<Item>(rows, ({ keys }) => keys[0], ignore)
  assert.equal(index.get('a')?.id, 'r1')
})

test('rows without a key are not in it, nor those for which the function throws', () => {
  const errors: unknown[] = []
  const rows = new Map<string, Item>([
    ['r1', { id: 'r1', keys: [] }],
    ['r2', { id: 'r2', keys: ['a'] }],
  ])
  const keysOf = ({ keys }: Item) => {
    if (keys.length === 0) throw new Error('no keys')
    return null
  }
  const index = new LiveRowIndex<Item>(rows, keysOf, (error) => errors.push(error))
  assert.deepEqual([...index.keys()], [])
  assert.match(String(errors), /no keys/)
})
