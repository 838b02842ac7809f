// Cuts a byte stream into JSON objects: OVSDB writes them one after the other, with nothing between (RFC 7047 section 4).
import { StringDecoder } from 'node:string_decoder'

export interface FramerLimits {
  /** Of one message. */
  readonly messageBytes: number
  /** Objects and arrays within each other. */
  readonly depth: number
}

/** The stream is not OVSDB's, or exceeds a limit. `too-large`, `too-deep`: the limit may be raised. */
export class FramingError extends Error {
  override readonly name = 'FramingError'
  readonly fault: 'garbage' | 'too-large' | 'too-deep'

  constructor(fault: FramingError['fault'], message: string) {
    super(message)
    this.fault = fault
  }
}

const quote = 0x22
const backslash = 0x5c

/** What a byte between strings does to the depth. Bytes of multi-byte UTF-8 characters do nothing. */
const steps = new Int8Array(256)
for (const bracket of '{[') steps[bracket.charCodeAt(0)] = 1
for (const bracket of '}]') steps[bracket.charCodeAt(0)] = -1

/** Only finds where objects end; whether they are JSON is for JSON.parse to say. */
export class JsonFramer {
  readonly #limits: FramerLimits
  readonly #onText: (text: string) => void
  /** The beginning of an object whose end has not come yet: as text, so that the chunks of a large one can go. */
  #parts: string[] = []
  readonly #decoder = new StringDecoder('utf8')
  #partBytes = 0
  #depth = 0
  #inString = false
  #escaped = false

  constructor(limits: FramerLimits, onText: (text: string) => void) {
    this.#limits = limits
    this.#onText = onText
  }

  /**
   * Hands over each object that is complete now, and looks at each byte once. Throws a FramingError; the framer is of no
   * use after it.
   */
  push(chunk: Buffer): void {
    let start = 0
    while (start < chunk.length) {
      if (this.#depth === 0) {
        start = skipSpace(chunk, start)
        if (start === chunk.length) return
      }
      const end = this.#scan(chunk, start)
      this.#take(end === 0 && start === 0 ? chunk : chunk.subarray(start, end || chunk.length))
      if (end === 0) return
      this.#emit()
      start = end
    }
  }

  /** Where the object ends that began before or at `at`; 0 if not in this chunk. */
  #scan(chunk: Buffer, at: number): number {
    let index = this.#skipEscaped(at)
    while (index < chunk.length) {
      if (this.#inString) index = this.#scanString(chunk, index)
      else {
        index = this.#scanStructure(chunk, index)
        if (this.#depth === 0) return index
      }
    }
    return 0
  }

  /** Past the end of the string, or of the chunk. */
  #scanString(chunk: Buffer, at: number): number {
    let index = at
    while (index < chunk.length) {
      const byte = chunk[index++]
      if (byte === quote) {
        this.#inString = false
        return index
      }
      if (byte === backslash) {
        if (index === chunk.length) this.#escaped = true
        index++
      }
    }
    return index
  }

  /** Past the end of the object, past the beginning of a string, or past the chunk. */
  #scanStructure(chunk: Buffer, at: number): number {
    let depth = this.#depth
    let index = at
    while (index < chunk.length) {
      const byte = chunk[index++]!
      if (byte === quote) {
        this.#inString = true
        break
      }
      depth += steps[byte]!
      if (depth === 0) break
      if (depth > this.#limits.depth) throw tooDeep(this.#limits.depth)
    }
    this.#depth = depth
    return index
  }

  /** A backslash was the last byte of the chunk before. */
  #skipEscaped(at: number): number {
    if (!this.#escaped) return at
    this.#escaped = false
    return at + 1
  }

  #take(part: Buffer): void {
    this.#partBytes += part.length
    if (this.#partBytes > this.#limits.messageBytes)
      throw new FramingError('too-large', `A message is larger than ${this.#limits.messageBytes} bytes.`)
    this.#parts.push(this.#decoder.write(part))
  }

  #emit(): void {
    const text = this.#parts.length === 1 ? this.#parts[0]! : this.#parts.join('')
    this.#parts = []
    this.#partBytes = 0
    this.#onText(text)
  }
}

/** The next object's beginning, or the chunk's end. */
function skipSpace(chunk: Buffer, at: number): number {
  for (let index = at; index < chunk.length; index++) {
    const byte = chunk[index]!
    if (byte === 0x7b) return index
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
      throw garbage(chunk.subarray(index, index + 20))
  }
  return chunk.length
}

function garbage(bytes: Buffer): FramingError {
  return new FramingError('garbage', `Not a JSON object: ${JSON.stringify(bytes.toString('latin1'))}.`)
}

function tooDeep(depth: number): FramingError {
  return new FramingError('too-deep', `A message has more than ${depth} objects and arrays within each other.`)
}
