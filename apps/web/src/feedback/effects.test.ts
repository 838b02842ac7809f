// What a dialog says of what goes with a thing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { obstacleIn, sentenceOf } from './effects.ts'

const says = (count: number) => `${count} go`

test('a few are named, of many the first', () => {
  assert.equal(sentenceOf({ says, names: ['a', 'b'] }), '2 go: a, b')
  const names = [...'abcdefghij']
  assert.equal(sentenceOf({ says, names }), '10 go: a, b, c, d, e, f, g, h and 2 more')
})

test('only an obstacle that there is keeps a thing from going', () => {
  assert.equal(obstacleIn([{ says, names: ['a'] }]), undefined)
  assert.equal(obstacleIn([{ says, names: [], isObstacle: true }]), undefined)
  assert.equal(obstacleIn([{ says, names: ['a'], isObstacle: true }]), '1 go: a')
})
