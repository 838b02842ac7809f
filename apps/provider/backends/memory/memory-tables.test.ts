// Tables in memory answer as those in SQLite do, after any changes, and after changes that were taken back.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import { SeededRandom } from '@patchbay/ovsdb/testing/random.ts'
import type { NumberPools, Transaction } from '../backend.ts'
import { openTables } from '../tables/open-tables.ts'
import { createMemoryTables } from './memory-tables.ts'

const pools = ['a', 'b']
const names = ['', 'red', 'blue', 'constructor']

for (const seed of [1, 2, 3, 4])
  test(`after 2,000 changes, and others that were only tried (${seed})`, () => {
    const database = new DatabaseSync(':memory:')
    const sqlite = openTables(database)
    const { tables, undoLog } = createMemoryTables()
    const random = new SeededRandom(seed)
    for (let count = 0; count < 2_000; count++) {
      const tried = Array.from({ length: random.below(4) }, () => randomChange(random))
      undoLog.tried(() => tried.forEach((change) => void change(tables)))
      database.exec('SAVEPOINT tried')
      for (const change of tried) change(sqlite)
      database.exec('ROLLBACK TO tried; RELEASE tried')
      const change = count % 100 === 99 ? drop : randomChange(random)
      assert.throws(() => undoLog.wholeOrNot(() => failing(undoable(change)(tables))), /fails/)
      assert.deepEqual(change(tables), change(sqlite))
      if (count % 50 === 0) assert.deepEqual(contentOf(tables), contentOf(sqlite))
    }
    assert.deepEqual(contentOf(tables), contentOf(sqlite))
    database.close()
  })

test('what is tried may contain what fails', () => {
  const { tables, undoLog } = createMemoryTables()
  undoLog.tried(() => {
    tables.settings.set('kept', 1)
    assert.throws(() => undoLog.wholeOrNot(() => failing(tables.settings.set('undone', 1))))
    assert.deepEqual(tables.settings.entries(''), [['kept', 1]])
  })
  assert.deepEqual(tables.settings.entries(''), [])
})

test('two rows with one id are refused', () => {
  const { tables } = createMemoryTables()
  tables.networks.insert(network('1', 'red'))
  assert.throws(() => tables.networks.insert(network('1', 'blue')), /two rows/)
  assert.equal(tables.networks.get('1')?.name, 'red')
})

function failing(_: unknown): never {
  throw new Error('fails')
}

type Change = (tables: Transaction) => unknown

/** Where the search for a number ended is not taken back: it may differ then. */
const undoable = (change: Change): Change => (change === takeAnyOf.a || change === takeAnyOf.b ? () => {} : change)
const takeAnyOf: Record<string, Change> = {
  a: ({ numbers }) => numbers.takeAny('a'),
  b: ({ numbers }) => numbers.takeAny('b'),
}

const drop: Change = ({ numbers }) => numbers.drop('a')

function randomChange(random: SeededRandom): Change {
  const id = String(random.below(40))
  const row = network(id, random.pick(names))
  const pool = random.pick(pools)
  const number = BigInt(random.below(60))
  const ranges = [range(random.below(20), random.below(30)), range(35 + random.below(5), 50)]
  return random.pick<Change>([
    ({ networks }) => (networks.get(id) ? networks.update(row) : networks.insert(row)),
    ({ networks }) => networks.update(row),
    ({ networks }) => networks.remove(id),
    ({ settings }) => settings.set(id, { number: Number(number) }),
    ({ settings }) => settings.remove(id),
    takeAnyOf[pool]!,
    ({ numbers }) => numbers.take(pool, number),
    ({ numbers }) => isTaken(numbers, pool, number) && numbers.release(pool, number, ranges),
    ({ numbers }) => numbers.define(pool, ranges),
    ({ numbers }) => numbers.inUse(pool),
  ])
}

/** Only what is taken is released. */
function isTaken(numbers: NumberPools, pool: string, number: bigint): boolean {
  if (!numbers.take(pool, number)) return true
  numbers.release(pool, number, [])
  return false
}

function contentOf({ networks, settings }: Transaction) {
  return {
    all: [...networks.all()],
    byName: names.map((name) => [
      networks.find('name', name),
      networks.has('name', name),
      networks.count('name', name),
    ]),
    settings: [settings.entries(''), settings.entries('1'), settings.get('7')],
  }
}

const network = (id: string, name: string) => ({ id, name, project_id: `p${name}` }) as Network
const range = (first: number, last: number) => ({ first: BigInt(first), last: BigInt(last) })
