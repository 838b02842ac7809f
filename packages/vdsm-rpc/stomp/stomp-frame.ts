// STOMP 1.2 frames: what a frame is and how it is written. Reading them is frame-parser.ts.

export interface Frame {
  readonly command: string
  readonly headers: Headers
  readonly body: Buffer
}

/** By name, unescaped. An object without prototype, so that a header may have any name. */
export type Headers = Readonly<Record<string, string | undefined>>

/** The bytes received are not STOMP, or more than the receiver accepts. The connection cannot be used any further. */
export class StompError extends Error {
  override readonly name = 'StompError'
  readonly problem: 'malformed' | 'too-large'

  constructor(problem: 'malformed' | 'too-large', message: string) {
    super(message)
    this.problem = problem
  }
}

/** What an idle side sends to show that it is alive (STOMP 1.2, Heart-beating). */
export const heartBeatBytes = Buffer.from('\n')

/**
 * The frame's bytes. A frame with a body gets its content-length here; one without gets none, because
 * vdsm-jsonrpc-java tells control frames from messages by that.
 */
export function encodeFrame(command: string, headers: Headers, body?: Buffer | string): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body) : body
  const write = writesPlain(command) ? (text: string) => text : escapeHeader
  const lines = Object.entries(headers)
    .filter(([name, value]) => value !== undefined && name !== 'content-length')
    .map(([name, value]) => `${write(name)}:${write(value!)}\n`)
  if (content) lines.push(`content-length:${content.length}\n`)
  return Buffer.concat([Buffer.from(`${command}\n${lines.join('')}\n`), content ?? nothing, frameEnd])
}

const nothing = Buffer.alloc(0)
const frameEnd = Buffer.from([0])

/** STOMP 1.2, Value Encoding: these two frames are exempt from escaping, as STOMP 1.0 wrote them without. */
export function writesPlain(command: string): boolean {
  return command === 'CONNECT' || command === 'CONNECTED'
}

const escapes: Record<string, string> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' }
const characters: Record<string, string> = { '\\\\': '\\', '\\r': '\r', '\\n': '\n', '\\c': ':' }

function escapeHeader(text: string): string {
  return text.replace(/[\\\r\n:]/g, (character) => escapes[character]!)
}

/** Throws a StompError on an escape that STOMP 1.2 does not know: it calls that a fatal protocol error. */
export function unescapeHeader(text: string): string {
  return text.replace(/\\.?/gs, (sequence) => {
    const character = characters[sequence]
    if (character === undefined) throw new StompError('malformed', `Undefined escape ${sequence} in a STOMP header`)
    return character
  })
}
