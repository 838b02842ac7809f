import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overlap, spanOf, spansFrom, toMac, toNumber } from './mac-range.ts'

test('an address is a number and back', () => {
  for (const mac of ['00:00:00:00:00:00', '02:00:00:00:0a:ff', 'fe:ff:ff:ff:ff:ff'])
    assert.equal(toMac(toNumber(mac)), mac)
})

test('from any place on, every address of the ranges comes once', () => {
  const spans = [
    spanOf({ from: '02:00:00:00:00:01', to: '02:00:00:00:00:03' }),
    { first: 7, last: 7 },
    { first: 9, last: 10 },
  ]
  const all = (list: readonly { first: number; last: number }[]) =>
    list.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_each, at) => first + at))
  const wanted = all(spans)
  for (const place of wanted.keys()) {
    const turned = all(spansFrom(spans, place))
    assert.deepEqual(turned, [...wanted.slice(place), ...wanted.slice(0, place)])
  }
})

test('ranges overlap when they share an address', () => {
  const span = { first: 5, last: 8 }
  assert.deepEqual(
    [
      { first: 1, last: 4 },
      { first: 1, last: 5 },
      { first: 6, last: 7 },
      { first: 8, last: 9 },
      { first: 9, last: 9 },
    ].map((other) => overlap(span, other)),
    [false, true, true, true, false],
  )
})
