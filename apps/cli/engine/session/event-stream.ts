// Server-sent events (WHATWG HTML, 9.2), as far as an engine sends them: named, with data in JSON.
import type { Item } from './session.ts'

export interface StreamedEvent {
  readonly name: string
  readonly data: Item
}

/** Ends with the stream, also when it is aborted. */
export async function* eventsIn(stream: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent> {
  let rest = ''
  try {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
      const blocks = (rest + text).split(/\r?\n\r?\n/)
      rest = blocks.pop()!
      for (const block of blocks) {
        const event = parse(block)
        if (event) yield event
      }
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error
  }
}

/** undefined for comments, which keep the connection alive. */
function parse(block: string): StreamedEvent | undefined {
  const lines = block.split(/\r?\n/).map((line) => /^(\w+): ?(.*)$/.exec(line) ?? [])
  const data = lines.filter(([, field]) => field === 'data').map(([, , value]) => value)
  if (data.length === 0) return undefined
  const name = lines.find(([, field]) => field === 'event')?.[2] ?? 'message'
  return { name, data: JSON.parse(data.join('\n')) as Item }
}
