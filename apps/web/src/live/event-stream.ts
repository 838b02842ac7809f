// Reads text/event-stream (the HTML standard's server-sent events) from pieces that may end anywhere. Not EventSource:
// that cannot send the header that goes with the session's cookie.

export interface StreamEvent {
  /** `change`, `event`, `job`. */
  readonly type: string
  readonly data: string
  /** '' where the stream gives none. */
  readonly id: string
}

/** Give it each piece as it comes; it answers the events that are complete now. */
export function createStreamParser(): (piece: string) => StreamEvent[] {
  let rest = ''
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.map(parseBlock).filter(({ data }) => data !== '')
  }
}

function parseBlock(block: string): StreamEvent {
  const fields = { event: 'message', data: [] as string[], id: '' }
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') fields.data.push(value)
    if (name === 'event' || name === 'id') fields[name] = value
  }
  return { type: fields.event, data: fields.data.join('\n'), id: fields.id }
}
