// The stream is opened again whenever it ends, and none that was given up stays open.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStreamParser, type StreamEvent } from './event-stream.ts'
import { followStream } from './follow-stream.ts'

const told = 'id: 7\nevent: change\ndata: {}\n\n'
const endless = () =>
  new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(told)) }))

/** Follows until as many answers have been asked for; tells from where each was to go on, and whether it was let go. */
async function follow(answers: readonly (() => Response)[], heard: (event: StreamEvent) => void = () => {}) {
  const stop = new AbortController()
  const attempts: { lastId: string; signal: AbortSignal }[] = []
  const words: string[] = []
  await followStream({
    async open(lastId, signal) {
      attempts.push({ lastId, signal })
      const answer = answers[attempts.length - 1]
      if (answer) return answer()
      stop.abort()
      throw new Error('enough')
    },
    createParser: createStreamParser,
    heard,
    opened: () => void words.push('opened'),
    lost: () => void words.push('lost'),
    signal: stop.signal,
  })
  return { words, from: attempts.map(({ lastId }) => lastId), areLeft: attempts.every(({ signal }) => signal.aborted) }
}

test('it goes on after the last event that it heard', async () => {
  assert.deepEqual(await follow([() => new Response(told)]), {
    words: ['opened', 'lost'],
    from: ['', '7'],
    areLeft: true,
  })
})

test('an answer that cannot be understood, or is none, is let go', async () => {
  const puzzled = () => {
    throw new Error('no JSON')
  }
  const refused = () => new Response('busy', { status: 503 })
  const { words, areLeft } = await follow([endless, refused], puzzled)
  assert.deepEqual([words, areLeft], [['opened', 'lost', 'lost'], true])
})
