import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describedSquare, shownCount } from './square-text.ts'

const port = (address: string) => ({ address, owner: 'nic1 of web', isDhcp: false })

test('a square says what it is, and whose', () => {
  const one = { first: '10.0.0.7', last: '10.0.0.7', size: 1n }
  assert.equal(describedSquare({ ...one, kind: 'used', used: [port('10.0.0.7')] }), '10.0.0.7: Used, nic1 of web')
  assert.equal(describedSquare({ ...one, kind: 'gateway', used: [] }), '10.0.0.7: Gateway')
  const used = ['10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.4'].map(port)
  assert.equal(
    describedSquare({ first: '10.1.0.0', last: '10.1.0.255', size: 256n, kind: 'used', used }),
    '10.1.0.0 – 10.1.0.255: Used, 4 of 256 used, 10.1.0.1 nic1 of web, 10.1.0.2 nic1 of web, 10.1.0.3 nic1 of web, and 1 more',
  )
})

test('numbers stay readable', () => {
  assert.equal(shownCount(65_534n), '65,534')
  assert.equal(shownCount(2n ** 64n), 'about 1.8 × 10^19')
})
