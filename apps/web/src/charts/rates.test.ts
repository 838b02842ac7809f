import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKnown, lineOf, type Rate, ratesOf, shownRate, topOf } from './rates.ts'

const rate = (time: number, received?: number, sent?: number): Rate => ({ time, received, sent })
const frame = { left: 10, top: 0, width: 100, height: 50 }

test('rates are told in bits, with the unit that fits', () => {
  const [known, unknown] = ratesOf({
    ...{ id: 'n', href: '' },
    points: [{ time: '1970-01-01T00:00:01.000Z', rx: 1000, tx: 0 }, { time: '1970-01-01T00:00:02.000Z' }],
  })
  assert.deepEqual(known, rate(1000, 8000, 0))
  assert.deepEqual([isKnown(known!), isKnown(unknown!)], [true, false])
  const shown = [0, 1, 999, 1000, 1_234_567, 20e9, 5e15, undefined].map(shownRate)
  assert.deepEqual(shown, [
    ...['0 bit/s', '1 bit/s', '999 bit/s', '1 kbit/s', '1.23 Mbit/s', '20 Gbit/s', '5,000 Tbit/s', '–'],
  ])
})

test('the axis ends at a round number that nothing exceeds', () => {
  assert.deepEqual(
    [[], [rate(0, 1)], [rate(0, 3)], [rate(0, 20, 21)], [rate(0, 500)], [rate(0, undefined, 501)]].map(topOf),
    [1, 1, 5, 50, 500, 1000],
  )
})

test('a line goes from the oldest to the newest, with gaps where nothing is known', () => {
  const rates = [rate(0, 0), rate(10, 10), rate(20), rate(30, 5), rate(40)]
  assert.equal(lineOf(rates, 'received', 10, frame), 'M10 50L35 0M85 25h2')
  assert.equal(lineOf(rates, 'sent', 10, frame), '')
  assert.equal(lineOf([], 'sent', 10, frame), '')
  assert.equal(lineOf([rate(5, 1)], 'received', 1, frame), 'M10 0h2')
})
