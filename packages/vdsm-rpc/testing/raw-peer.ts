// The other side of a connection, for tests: writes any bytes, reads frames, waits with a bound.
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { FrameParser } from '../stomp/frame-parser.ts'
import type { Frame } from '../stomp/stomp-frame.ts'

export class RawPeer {
  readonly socket: Socket
  readonly #frames: Frame[] = []
  readonly #news = new EventEmitter()

  constructor(socket: Socket) {
    this.socket = socket.setNoDelay(true)
    const parser = new FrameParser({ headerBytes: 1e6, bodyBytes: 1e8 }, (frame) => {
      this.#frames.push(frame)
      this.#news.emit('frame')
    })
    socket.on('data', (chunk: Buffer) => {
      this.#news.emit('chunk', chunk)
      parser.push(chunk)
    })
    socket.on('error', () => {})
    socket.on('close', () => this.#news.emit('close'))
  }

  static async connect(t: TestContext, port: number): Promise<RawPeer> {
    const socket = connect(port, '127.0.0.1')
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    return new RawPeer(socket)
  }

  /** Sends a frame of these lines: command, headers, an empty one, body. */
  frame(...lines: string[]): void {
    this.socket.write(`${lines.join('\n')}\0`)
  }

  /** The next frame that was not asked for yet. */
  async next(): Promise<Frame> {
    if (this.#frames.length === 0) await this.#wait('frame')
    return this.#frames.shift()!
  }

  /** The JSON in the next frame, which is a MESSAGE. */
  async message(): Promise<Record<string, unknown>> {
    const { command, body } = await this.next()
    if (command !== 'MESSAGE') throw new Error(`${command} instead of MESSAGE: ${body}`)
    return JSON.parse(body.toString())
  }

  /** The next bytes, whatever they are. */
  async chunk(): Promise<Buffer> {
    const [chunk] = await this.#wait('chunk')
    return chunk
  }

  async closed(): Promise<void> {
    if (!this.socket.closed) await this.#wait('close')
  }

  #wait(event: 'frame' | 'chunk' | 'close') {
    return once(this.#news, event, { signal: AbortSignal.timeout(30_000) })
  }
}
