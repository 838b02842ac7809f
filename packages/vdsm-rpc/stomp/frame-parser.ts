// Reads STOMP 1.2 frames from a byte stream, however it is cut into chunks, within limits.
import { type Frame, type Headers, StompError, unescapeHeader, writesPlain } from './stomp-frame.ts'

export interface FrameLimits {
  /** Command line and headers together, in bytes. */
  readonly headerBytes: number
  readonly bodyBytes: number
}

const NUL = 0x00
const LF = 0x0a
const CR = 0x0d

/** A buffer grown by one large frame beyond this is given back once it is empty. */
const keptBytes = 64 * 1024

export class FrameParser {
  readonly #limits: FrameLimits
  readonly #onFrame: (frame: Frame) => void
  /** Bytes not yet made into frames: those of `#store` from `#start` to `#end`. Before `#scanned`, the search is done. */
  #store = Buffer.alloc(0)
  #start = 0
  #end = 0
  #scanned = 0
  /** Set while the body is awaited. */
  #head: Head | undefined

  constructor(limits: FrameLimits, onFrame: (frame: Frame) => void) {
    this.#limits = limits
    this.#onFrame = onFrame
  }

  /** Hands over each frame that is complete now. Throws a StompError; the parser is of no use after it. */
  push(chunk: Buffer): void {
    this.#append(chunk)
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) this.#onFrame(frame)
    this.#releaseRead()
  }

  #nextFrame(): Frame | undefined {
    if (!this.#head) {
      this.#skipLineEnds()
      this.#head = this.#readHead()
    }
    const head = this.#head
    const body = head && this.#readBody(head.contentLength)
    if (!body) return undefined
    this.#head = undefined
    return { command: head.command, headers: head.headers, body }
  }

  /** Heart-beats, and the line ends that may follow a frame's NUL. */
  #skipLineEnds(): void {
    while (this.#start < this.#end) {
      const byte = this.#store[this.#start]
      if (byte === CR && this.#store[this.#start + 1] === LF && this.#start + 1 < this.#end) this.#start += 2
      else if (byte === LF) this.#start += 1
      else break
    }
    this.#scanned = Math.max(this.#scanned, this.#start)
  }

  #readHead(): Head | undefined {
    const found = this.#findBlankLine()
    const bytes = (found?.headEnd ?? this.#end) - this.#start
    if (bytes > this.#limits.headerBytes)
      throw new StompError('too-large', `STOMP headers are larger than ${this.#limits.headerBytes} bytes`)
    if (!found) return undefined

    const head = parseHead(this.#store.toString('utf8', this.#start, found.headEnd))
    if ((head.contentLength ?? 0) > this.#limits.bodyBytes) throw this.#bodyTooLarge()
    this.#start = found.bodyStart
    this.#scanned = found.bodyStart
    return head
  }

  /** The line end that closes the last header, and what follows the empty line. */
  #findBlankLine(): { headEnd: number; bodyStart: number } | undefined {
    for (let at = this.#indexOf(LF); at >= 0; at = this.#indexOf(LF)) {
      const next = this.#store[at + 1] === CR && at + 1 < this.#end ? at + 2 : at + 1
      if (next >= this.#end) return undefined
      if (this.#store[next] === LF) return { headEnd: at, bodyStart: next + 1 }
      this.#scanned = at + 1
    }
    return undefined
  }

  #readBody(contentLength: number | undefined): Buffer | undefined {
    const end = contentLength === undefined ? this.#indexOf(NUL) : this.#start + contentLength
    if ((end < 0 ? this.#end : end) - this.#start > this.#limits.bodyBytes) throw this.#bodyTooLarge()
    if (end < 0 || end >= this.#end) return undefined
    if (this.#store[end] !== NUL) throw new StompError('malformed', 'No NUL byte after the body of a STOMP frame')

    const body = Buffer.from(this.#store.subarray(this.#start, end))
    this.#start = end + 1
    this.#scanned = end + 1
    return body
  }

  /** Of the first such byte not looked at before; else -1, and all bytes count as looked at. */
  #indexOf(byte: number): number {
    const at = this.#store.subarray(0, this.#end).indexOf(byte, this.#scanned)
    this.#scanned = at < 0 ? this.#end : at
    return at
  }

  #bodyTooLarge(): StompError {
    return new StompError('too-large', `The body of a STOMP frame is larger than ${this.#limits.bodyBytes} bytes`)
  }

  /** Grows by doubling, so that a body that comes byte by byte is not copied for each of them. */
  #append(chunk: Buffer): void {
    const needed = this.#end + chunk.length
    if (needed > this.#store.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#store.length))
      this.#store.copy(larger, 0, 0, this.#end)
      this.#store = larger
    }
    chunk.copy(this.#store, this.#end)
    this.#end = needed
  }

  #releaseRead(): void {
    this.#store.copyWithin(0, this.#start, this.#end)
    this.#scanned -= this.#start
    this.#end -= this.#start
    this.#start = 0
    if (this.#end === 0 && this.#store.length > keptBytes) this.#store = Buffer.alloc(0)
  }
}

interface Head {
  readonly command: string
  readonly headers: Headers
  readonly contentLength: number | undefined
}

function parseHead(text: string): Head {
  const [command = '', ...lines] = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (!/^[A-Z]+$/.test(command)) throw new StompError('malformed', 'A STOMP frame does not begin with a command')
  const read = writesPlain(command) ? (part: string) => part : unescapeHeader
  const headers: Record<string, string | undefined> = Object.create(null)
  for (const line of lines) {
    // A raw colon in the value is tolerated: vdsm-jsonrpc-java does not escape what it sends.
    const colon = line.indexOf(':')
    if (colon < 1) throw new StompError('malformed', 'A STOMP header is not of the form name:value')
    // Of repeated headers the first counts (STOMP 1.2, Repeated Header Entries).
    headers[read(line.slice(0, colon))] ??= read(line.slice(colon + 1))
  }
  return { command, headers, contentLength: parseContentLength(headers['content-length']) }
}

function parseContentLength(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  if (!/^\d{1,15}$/.test(header))
    throw new StompError('malformed', 'The content-length of a STOMP frame is not a number')
  return Number(header)
}
