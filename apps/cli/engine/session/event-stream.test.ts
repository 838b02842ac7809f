// Server-sent events, however they are cut on their way.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventsIn } from './event-stream.ts'

const stream =
  ': hello\n\nevent: job\nid: 1\ndata: {"a":"ä"}\n\nevent: change\ndata: {"b":\ndata: 1}\r\n\r\ndata: {}\n\n'

async function read(...parts: Uint8Array[]) {
  const events = []
  for await (const event of eventsIn(ReadableStream.from(parts) as ReadableStream<Uint8Array>)) events.push(event)
  return events
}

test('names and data are read, comments are not, at every cut', async () => {
  const bytes = new TextEncoder().encode(stream)
  const expected = [
    { name: 'job', data: { a: 'ä' } },
    { name: 'change', data: { b: 1 } },
    { name: 'message', data: {} },
  ]
  for (let cut = 0; cut <= bytes.length; cut++)
    assert.deepEqual(await read(bytes.subarray(0, cut), bytes.subarray(cut)), expected, `cut at ${cut}`)
})
