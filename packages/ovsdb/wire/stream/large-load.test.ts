// A large answer of a monitor has the rows that JSON.parse would read, whatever is in them.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { largeText, parseLarge } from './large-load.ts'
import { eachUpdate, type TableUpdates } from './row-updates.ts'

const uuid = '6e4ee5a4-14dd-4ee1-a0a5-5c4e0f4a5f5e'
/** What a row could contain to be taken for the next one. */
const odd = [`}},"${uuid}":{"initial":{"name":"x"}},`, '":{"initial":{', `{"${uuid}`, '\\"', '}},', 'ä€😀']

const row = (index: number) => ({
  initial: { name: `${odd[index % odd.length]}${index}`, external_ids: ['map', [[odd[index % 4], 'x'.repeat(200)]]] },
})
const rows = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [randomUUID(), row(at)]))
const tables = { Empty: {}, Port: rows(5000), Small: rows(3), Switch: rows(2000), None: {}, One: rows(1) }

const answers: [method: string, result: unknown, updates: (result: never) => TableUpdates][] = [
  ['monitor_cond_since', [false, uuid, tables], (result) => result[2]],
  ['monitor_cond', tables, (result) => result],
]
for (const [method, result, updates] of answers)
  test(`a load of ${method} in parts is the load`, () => {
    const text = JSON.stringify({ id: 1, result, error: null })
    assert.ok(text.length > largeText)
    const message = parseLarge(text)
    const read = updates(message.result as never)
    assert.deepEqual([message.id, message.error, Object.keys(read)], [1, null, Object.keys(tables)])
    for (const [name, expected] of Object.entries(tables))
      assert.deepEqual(Object.fromEntries(eachUpdate(read[name]!)), expected, name)
    const parts = (name: string) => [...(read[name] as Iterable<object>)]
    assert.ok(parts('Port').length > 10 && parts('Switch').length > 5)
    assert.deepEqual([read.Empty, read.Small, read.One], [tables.Empty, tables.Small, tables.One])
  })

test('what is no load is read as it is', () => {
  const select = { id: 2, result: [{ rows: [{ name: 'x'.repeat(largeText) }] }], error: null }
  assert.deepEqual(parseLarge(JSON.stringify(select)), select)
  const update = { method: 'update2', params: ['id', { Port: { [uuid]: { insert: { name: odd.join() } } } }], id: null }
  assert.deepEqual(parseLarge(JSON.stringify(update)), update)
})

test('what is no JSON is refused, also in a part', () => {
  const text = JSON.stringify({ id: 1, result: tables, error: null })
  assert.throws(() => parseLarge(text.slice(0, -1)), SyntaxError)
  const broken = text.replace('"external_ids":', '"external_ids";')
  assert.throws(() => [...eachUpdate((parseLarge(broken).result as TableUpdates).Port!)], SyntaxError)
})
