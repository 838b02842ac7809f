import assert from 'node:assert/strict'
import { test } from 'node:test'
import { optionLines, optionsIn } from './driver-requests.ts'

test('options are lines of names and values', () => {
  assert.deepEqual(optionsIn(''), [])
  assert.deepEqual(optionsIn('a=1\n\n b.c = x = y \nd='), [
    { name: 'a', value: '1' },
    { name: 'b.c', value: 'x = y' },
    { name: 'd', value: '' },
  ])
  for (const wrong of ['a', '=1', 'a b=1']) assert.equal(optionsIn(wrong), undefined, wrong)
})

test('what was read is written the same', () => {
  assert.equal(optionLines(optionsIn('a=1\nb=x = y')!), 'a=1\nb=x = y')
})
