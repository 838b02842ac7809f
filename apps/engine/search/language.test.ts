// oVirt's search language, as far as it can be read without knowing what is searched.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../faults.ts'
import { parseSearch } from './language.ts'

const is = (field: string, value: string, operator = '=') => ({ field, operator, value })
const expressionOf = (search: string) => parseSearch(search).expression

test('a condition is a field, an operator and a value', () => {
  assert.deepEqual(expressionOf('name=web'), is('name', 'web'))
  assert.deepEqual(expressionOf('  NAME =  "a (b) and c" '), is('name', 'a (b) and c'))
  for (const operator of ['=', '!=', '<', '<=', '>', '>='])
    assert.deepEqual(expressionOf(`mtu${operator}1500`), is('mtu', '1500', operator))
  assert.deepEqual(expressionOf('Clusters.name=x'), is('clusters.name', 'x'))
  assert.deepEqual(expressionOf('url=http://a:9696/v2?x=y'), is('url', 'http://a:9696/v2?x=y'))
  assert.deepEqual(expressionOf('name=""'), is('name', ''))
})

test('"and" binds more than "or", and parentheses most', () => {
  const [a, b, c] = [is('a', '1'), is('b', '2'), is('c', '3')]
  assert.deepEqual(expressionOf('a=1 or b=2 AND c=3'), { some: [a, { every: [b, c] }] })
  assert.deepEqual(expressionOf('(a=1 OR b=2) and c=3'), { every: [{ some: [a, b] }, c] })
  assert.deepEqual(expressionOf('((a=1))'), a)
})

test('a value alone is looked for anywhere', () => {
  assert.deepEqual(expressionOf('web'), { anywhere: 'web' })
  assert.deepEqual(expressionOf('"web server" and status=up'), {
    every: [{ anywhere: 'web server' }, is('status', 'up')],
  })
  assert.deepEqual(expressionOf('order'), { anywhere: 'order' }, 'begins with a word of the language')
})

test('order and page stand at the end', () => {
  const search = parseSearch('name=web* sortby cluster desc page 3')
  assert.deepEqual([search.sort, search.page], [{ field: 'cluster', isDescending: true }, 3])
  assert.deepEqual(parseSearch('sortby name'), {
    expression: undefined,
    sort: { field: 'name', isDescending: false },
    page: 1,
  })
  assert.equal(parseSearch('page 2').page, 2)
  assert.deepEqual(parseSearch(''), { expression: undefined, sort: undefined, page: 1 })
})

test('what is not the language is refused, with the place', () => {
  for (const [search, reason] of [
    ['name=', 'something is missing at its end'],
    ['name=one and', 'something is missing at its end'],
    ['name="one', '""one" is not understood'],
    ['(name=one', 'something is missing at its end'],
    ['name=one)', '")" is not understood'],
    ['name=one status=up', '"status=up" is not understood'],
    ['and name=one', '"and name=one" is not understood'],
    ['sortby', '"sortby" is not understood'],
    ['page 0', '"page 0" is not understood'],
    ['page x', '"page x" is not understood'],
    ['name==one', undefined],
    [`${'('.repeat(50)}a=1${')'.repeat(50)}`, undefined],
    ['x'.repeat(2_001), 'it is longer than 2000 characters'],
  ] as const)
    assert.throws(
      () => parseSearch(search),
      (error: Error) => error instanceof Fault && (!reason || error.message.endsWith(`is not valid: ${reason}.`)),
      search,
    )
})

test('no search takes long', () => {
  for (const piece of ['(', 'a and ', '"', 'a=1 or ', '=', ' ', 'a.'])
    try {
      parseSearch(piece.repeat(2_000 / piece.length))
    } catch (error) {
      assert.ok(error instanceof Fault, piece)
    }
})
