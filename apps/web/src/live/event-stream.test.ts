// The stream arrives in pieces that end anywhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStreamParser } from './event-stream.ts'

const stream = [
  ': a comment\n\n',
  'event: change\ndata: {"resource":"vm","id":"1"}\n\n',
  'id: 7\nevent: event\ndata: {"description":"a: b"}\n\n',
  'event: job\r\ndata: first\r\ndata: second\r\n\r\n',
].join('')
const events = [
  { type: 'change', data: '{"resource":"vm","id":"1"}', id: '' },
  { type: 'event', data: '{"description":"a: b"}', id: '7' },
  { type: 'job', data: 'first\nsecond', id: '' },
]

test('whole, or cut at any place, the same events come out', () => {
  for (let at = 0; at <= stream.length; at++) {
    const parse = createStreamParser()
    assert.deepEqual([...parse(stream.slice(0, at)), ...parse(stream.slice(at))], events, `cut at ${at}`)
  }
})

test('one octet at a time, too', () => {
  const parse = createStreamParser()
  assert.deepEqual(
    [...stream].flatMap((piece) => parse(piece)),
    events,
  )
})

test('what is not complete is not told', () => {
  const parse = createStreamParser()
  assert.deepEqual(parse('event: change\ndata: half'), [])
})
