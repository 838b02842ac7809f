// Keeps a stream open: opens it again when it ends, a little later each time that it cannot be opened.
import type { StreamEvent } from './event-stream.ts'

export interface Following {
  open(lastId: string, signal: AbortSignal): Promise<Response>
  createParser(): (piece: string) => StreamEvent[]
  heard(event: StreamEvent): void
  opened(): void
  lost(): void
  readonly signal: AbortSignal
}

const firstPauseMs = 500
const longestPauseMs = 5_000
/** The engine says something every 15 s. */
const silenceMs = 40_000

/** Resolves when `signal` is aborted. */
export async function followStream(following: Following): Promise<void> {
  const { signal, opened, lost } = following
  let lastId = ''
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    const attempt = new AbortController()
    const both = AbortSignal.any([signal, attempt.signal])
    try {
      const answer = await following.open(lastId, both)
      if (answer.ok && answer.body) {
        pauseMs = firstPauseMs
        opened()
        lastId = await listen(answer.body, following, attempt, lastId)
      }
    } catch {
      // The connection broke, or was silent for too long: it is opened anew.
    } finally {
      // One that is not read to its end would stay open.
      attempt.abort()
    }
    if (signal.aborted) return
    lost()
    await pause(pauseMs, signal)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

/** Answers the id of the last event, from where the next stream goes on. */
async function listen(
  body: ReadableStream<Uint8Array>,
  { createParser, heard }: Following,
  attempt: AbortController,
  known: string,
): Promise<string> {
  const parse = createParser()
  let lastId = known
  let silence = setTimeout(() => attempt.abort(), silenceMs)
  try {
    for await (const piece of textsOf(body)) {
      clearTimeout(silence)
      silence = setTimeout(() => attempt.abort(), silenceMs)
      for (const event of parse(piece)) {
        if (event.id !== '') lastId = event.id
        heard(event)
      }
    }
  } catch {
    // As if it had ended: the id is what counts.
  } finally {
    clearTimeout(silence)
  }
  return lastId
}

async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield decoder.decode(value, { stream: true })
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
