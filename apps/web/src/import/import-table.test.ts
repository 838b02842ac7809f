// The two tables of the import dialog.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freeDataCenters, importBody, mark, mistakeOf, type Offered, offeredOf } from './import-table.ts'

const network = (id: string, ...taken: string[]): Offered => ({
  id,
  href: '',
  name: `name-of-${id}`,
  data_centers: taken.map((each) => ({ id: each })),
})
const dataCenters = [
  { id: 'a', name: 'A' },
  { id: 'b', name: 'B' },
]

test('a network is offered until it is marked, or is in every data center', () => {
  const networks = [network('1'), network('2', 'a'), network('3', 'a', 'b')]
  assert.deepEqual(
    offeredOf(networks, [], dataCenters).map(({ id }) => id),
    ['1', '2'],
  )
  const marked = [mark(networks[0]!, dataCenters)]
  assert.deepEqual(
    offeredOf(networks, marked, dataCenters).map(({ id }) => id),
    ['2'],
  )
})

test('only data centers that lack the network are offered for it', () => {
  assert.deepEqual(freeDataCenters(network('2', 'a'), dataCenters), [dataCenters[1]])
  assert.equal(mark(network('2', 'a'), dataCenters).dataCenterId, 'b')
})

test('two rows may not have the same name in one data center', () => {
  const first = { ...mark(network('1'), dataCenters), name: 'same' }
  const second = { ...mark(network('2'), dataCenters), name: 'same' }
  assert.match(mistakeOf(first, [first, second])!, /same name/)
  const elsewhere = { ...second, dataCenterId: 'b' }
  assert.equal(mistakeOf(first, [first, elsewhere]), undefined)
  assert.match(mistakeOf({ ...first, name: ' ' }, [first])!, /needed/)
})

test('the name that was typed is sent', () => {
  const row = { ...mark(network('1'), dataCenters), name: ' blue ', publicUse: false }
  assert.deepEqual(importBody(row), {
    data_center: { id: 'a' },
    name: 'blue',
    public_use: 'false',
    all_clusters: 'true',
  })
})
