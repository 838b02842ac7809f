// A socket that carries STOMP frames: either side's half of the work that server and client share.
import type { Socket } from 'node:net'
import { type FrameLimits, FrameParser } from './frame-parser.ts'
import { type HeartBeat, Pulse } from './heart-beat.ts'
import { encodeFrame, type Frame, type Headers, heartBeatBytes, StompError } from './stomp-frame.ts'

export interface ConnectionLimits extends FrameLimits {
  /** Bytes that may wait for a peer that reads slowly; beyond them it is disconnected. */
  readonly outgoingBytes: number
  /** ms for the peer to close, once this side has. */
  readonly closeTimeoutMs: number
}

export interface ConnectionEvents {
  readonly onFrame: (frame: Frame) => void
  /** The peer does not keep to STOMP or to the limits, or `onFrame` threw this. The connection is to be closed. */
  readonly onStompError: (error: StompError) => void
  /** Once, at the very end. Without a reason if this side or the peer closed in good order. */
  readonly onClosed: (reason: Error | undefined) => void
}

/** After this long without traffic TCP itself asks whether the peer is still there. */
const keepAliveMs = 60_000

export class StompConnection {
  readonly #socket: Socket
  readonly #limits: ConnectionLimits
  readonly #events: ConnectionEvents
  readonly #parser: FrameParser
  readonly #pulse = new Pulse()
  readonly #outgoing: Buffer[] = []
  #outgoingBytes = 0
  #writing = false
  #open = true
  #closeTimer: NodeJS.Timeout | undefined

  constructor(socket: Socket, limits: ConnectionLimits, events: ConnectionEvents) {
    this.#socket = socket
    this.#limits = limits
    this.#events = events
    this.#parser = new FrameParser(limits, (frame) => {
      if (this.#open) events.onFrame(frame)
    })
    socket.setNoDelay(true)
    socket.setKeepAlive(true, keepAliveMs)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    let reason: Error | undefined
    socket.on('error', (error) => {
      reason ??= error
    })
    socket.on('close', () => this.#closed(reason))
  }

  /** Queues a frame. */
  send(command: string, headers: Headers, body?: Buffer | string): void {
    this.#write(encodeFrame(command, headers, body))
  }

  /** Starts to beat, and to listen for the peer's beats. */
  keep(heartBeat: HeartBeat): void {
    this.#pulse.start(
      heartBeat,
      () => this.#write(heartBeatBytes),
      (ms) => this.destroy(new Error(`no heart-beat for ${ms} ms`)),
    )
  }

  /** Lets out what is queued, then closes. Frames that still come in are dropped. */
  end(): void {
    if (!this.#open) return
    this.#open = false
    this.#pulse.stop()
    this.#closeTimer = setTimeout(() => this.#socket.destroy(), this.#limits.closeTimeoutMs)
    if (!this.#writing) this.#socket.end()
  }

  /** Closes at once. */
  destroy(reason?: Error): void {
    this.#open = false
    this.#socket.destroy(reason)
  }

  #write(bytes: Buffer): void {
    if (!this.#open) return
    if (this.#outgoingBytes > this.#limits.outgoingBytes) {
      this.destroy(new Error(`the peer reads too slowly: ${this.#outgoingBytes} bytes wait for it`))
      return
    }
    this.#outgoing.push(bytes)
    this.#outgoingBytes += bytes.length
    this.#pulse.sent()
    if (!this.#writing) this.#writeNext()
  }

  /**
   * One frame at a time, so that each has its own TLS record: of two frames in one, vdsm-jsonrpc-java leaves the second
   * unread until something else arrives.
   */
  #writeNext(): void {
    const bytes = this.#outgoing.shift()
    this.#writing = bytes !== undefined
    if (bytes) {
      this.#socket.write(bytes, (error) => {
        this.#outgoingBytes -= bytes.length
        if (!error) this.#writeNext()
      })
    } else if (!this.#open) this.#socket.end()
  }

  #read(chunk: Buffer): void {
    if (!this.#open) return
    this.#pulse.received()
    try {
      this.#parser.push(chunk)
    } catch (error) {
      if (!(error instanceof StompError)) throw error
      if (this.#open) this.#events.onStompError(error)
    }
  }

  #closed(reason: Error | undefined): void {
    this.#open = false
    this.#pulse.stop()
    clearTimeout(this.#closeTimer)
    this.#events.onClosed(reason)
  }
}
