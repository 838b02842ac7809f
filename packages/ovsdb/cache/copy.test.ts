import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSchema } from '../schema/database-schema.ts'
import type { TableUpdates } from '../wire/stream/row-updates.ts'
import { Copy } from './copy.ts'
import { resolveSelection } from './selection.ts'

const uuids = { type: { key: 'uuid', min: 0, max: 'unlimited' } }
const schema = parseSchema({
  name: 'A',
  tables: { Port: { columns: { name: { type: 'string' } } }, Switch: { columns: { ports: uuids } } },
})

test('a change costs what changed: nobody looks at the other 100,000 rows', () => {
  const copy = loadedCopy({ Port: manyPorts(100_000) })
  const table = copy.table('Port')!
  let looks = 0
  const byName = table.index(({ name }) => {
    looks++
    return String(name)
  })
  assert.equal(looks, 100_000)
  const [same, changed] = [byName.get('p4')!, byName.get('p5')!]
  const changes = copy.apply({ Port: { [changed._uuid]: { modify: { name: 'other' } }, x: { insert: { name: 'x' } } } })
  assert.deepEqual(
    changes.get('Port')?.map(({ kind, uuid }) => [kind, uuid]),
    [
      ['update', changed._uuid],
      ['insert', 'x'],
    ],
  )
  assert.equal(looks, 100_003)
  assert.equal(byName.get('other')?._uuid, changed._uuid)
  assert.equal(byName.get('p5'), undefined)
  assert.equal(byName.get('p4'), same)
  assert.equal(looks, 100_003)
})

test('an update that does not fit changes nothing, also not in the tables that were looked at before', () => {
  const copy = loadedCopy({ Port: manyPorts(1), Switch: {} })
  const misfit = { Port: { x: { insert: { name: 'x' } } }, Switch: { unknown: { modify: { ports: ['set', []] } } } }
  assert.throws(() => copy.apply(misfit), { name: 'OutOfStepError' })
  assert.equal(copy.table('Port')?.size, 1)
})

test('a row with a large set is found by each element, after any changes of it', () => {
  const ports = Array.from({ length: 1000 }, (_, index) => ['uuid', uuidOf(index * 2)])
  const copy = loadedCopy({ Switch: { s: { initial: { ports: ['set', ports] } } } })
  const byPort = copy.table('Switch')!.index('ports')
  copy.apply({ Switch: { s: { modify: { ports: ['set', [0, 501, 998, 3001].map((at) => ['uuid', uuidOf(at)])] } } } })
  const found = (at: number) => byPort.get(uuidOf(at))?._uuid
  assert.deepEqual([0, 501, 998, 3001].map(found), [undefined, 's', undefined, 's'])
  assert.equal([...byPort.keys()].length, 1000)
  copy.apply({ Switch: { s: { delete: null } } })
  assert.equal([...byPort.keys()].length, 0)
})

function loadedCopy(updates: TableUpdates): Copy {
  const tables = Object.keys(updates)
  const copy = new Copy(tables, (error) => assert.fail(String(error)))
  copy.resolve(resolveSelection(schema, Object.fromEntries(tables.map((name) => [name, 'all']))).tables)
  copy.load(updates)
  return copy
}

function manyPorts(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [uuidOf(at), { initial: { name: `p${at}` } }]))
}

function uuidOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
}
