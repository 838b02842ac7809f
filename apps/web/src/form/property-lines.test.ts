import assert from 'node:assert/strict'
import { test } from 'node:test'
import { propertiesIn, propertyLines } from './property-lines.ts'

test('properties are lines of names and values', () => {
  assert.deepEqual(propertiesIn(''), [])
  assert.deepEqual(propertiesIn('a=1\n\n b.c = x = y \nd='), [
    { name: 'a', value: '1' },
    { name: 'b.c', value: 'x = y' },
    { name: 'd', value: '' },
  ])
  for (const wrong of ['a', '=1', 'a b=1']) assert.equal(propertiesIn(wrong), undefined, wrong)
})

test('what was read is written the same', () => {
  assert.equal(propertyLines(propertiesIn('a=1\nb=x = y')!), 'a=1\nb=x = y')
})
