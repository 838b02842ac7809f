// A client of VDSM, real or ours: calls, events, and the end of the connection told to whom it concerns.
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { encodeRequest, parseMessage, type VdsmEvent } from './calls/json-rpc.ts'
import { PendingCalls } from './calls/pending-calls.ts'
import { connectionLost, connectionRefused } from './connection-failure.ts'
import { type ConnectionFailure, VdsmConnectionError } from './errors.ts'
import { eventQueue, requestQueues } from './stomp/destinations.ts'
import { agreeHeartBeat, type HeartBeat } from './stomp/heart-beat.ts'
import { type ConnectionLimits, StompConnection } from './stomp/stomp-connection.ts'
import type { Frame } from './stomp/stomp-frame.ts'
import type { TlsIdentity } from './tls-identity.ts'

export interface VdsmClientOptions {
  readonly host: string
  /** VDSM listens on 54321. */
  readonly port: number
  /** Our certificate, and the CA the host's must come from; its name is not looked at (as with all VDSM clients), unless `checkServerIdentity` does. */
  readonly tls?: TlsIdentity
  /** ms from here to the CONNECTED frame: TCP, TLS and STOMP together. Default 10 s. */
  readonly connectTimeoutMs?: number
  /** What we offer and ask for. Default: both every 15 s. VDSM raises what is below 1 s. */
  readonly heartBeat?: HeartBeat
}

export interface CallOptions {
  /** ms until the answer is there. Default 60 s, as vdsm-client has it. */
  readonly timeoutMs?: number
  /** Appears in the host's log with all that the call does. */
  readonly correlationId?: string
}

export interface VdsmClient {
  /**
   * Carries out a verb and resolves to its result. Throws the host's VdsmError, a VdsmTimeoutError, or a
   * VdsmConnectionError when the connection is gone.
   */
  call(method: string, params?: object, options?: CallOptions): Promise<unknown>
  /** Calls back with each event of the host from now on. Returns what ends it. */
  onEvent(listener: (event: VdsmEvent) => void): () => void
  /** Resolves when the connection is gone: to the reason, or to undefined after close(). Never rejects. */
  readonly closed: Promise<VdsmConnectionError | undefined>
  /** Says goodbye and closes, within 2 s. Calls without an answer fail. */
  close(): Promise<void>
}

const limits: ConnectionLimits = {
  headerBytes: 16 * 1024,
  // A host with a thousand VMs answers with some ten MB.
  bodyBytes: 64 * 1024 * 1024,
  outgoingBytes: 32 * 1024 * 1024,
  closeTimeoutMs: 1000,
}

/** One connection; who wants another one after it is lost calls again. Throws a VdsmConnectionError. */
export async function connectVdsm(options: VdsmClientOptions): Promise<VdsmClient> {
  const session = new ClientSession(options)
  await session.connected
  return session
}

class ClientSession implements VdsmClient {
  readonly #options: VdsmClientOptions
  readonly #heartBeat: HeartBeat
  readonly #connection: StompConnection
  readonly #calls: PendingCalls
  readonly #listeners = new Set<(event: VdsmEvent) => void>()
  readonly #replyQueue = randomUUID()
  readonly #connected = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<VdsmConnectionError | undefined>()
  #isConnected = false
  /** Why no more calls are taken. */
  #gone: VdsmConnectionError | undefined

  constructor(options: VdsmClientOptions) {
    this.#options = options
    this.#heartBeat = options.heartBeat ?? { sendEveryMs: 15_000, expectEveryMs: 15_000 }
    this.#calls = new PendingCalls(options)
    this.#connection = new StompConnection(openSocket(options), limits, {
      onFrame: (frame) => this.#receive(frame),
      onStompError: (error) =>
        this.#abort('protocol', `sent what is not STOMP: ${error.message}. Is VDSM listening there?`),
      onClosed: (reason) => this.#finish(reason),
    })
    this.#greet(options.connectTimeoutMs ?? 10_000)
  }

  get connected(): Promise<void> {
    return this.#connected.promise
  }

  get closed(): Promise<VdsmConnectionError | undefined> {
    return this.#closed.promise
  }

  async call(method: string, params: object = {}, { timeoutMs = 60_000, correlationId }: CallOptions = {}) {
    if (this.#gone) throw this.#gone
    const id = randomUUID()
    const request = encodeRequest(id, method, params)
    const headers = { destination: requestQueues[0], 'reply-to': this.#replyQueue, 'content-type': 'application/json' }
    this.#connection.send('SEND', { ...headers, ovirtCorrelationId: correlationId }, request)
    return this.#calls.add(id, method, timeoutMs)
  }

  onEvent(listener: (event: VdsmEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    if (!this.#gone) this.#sayGoodbye()
    await this.closed
  }

  /** VDSM's own client sends no host header either, and like it we subscribe without waiting for CONNECTED. */
  #greet(timeoutMs: number): void {
    const { sendEveryMs, expectEveryMs } = this.#heartBeat
    this.#connection.send('CONNECT', { 'accept-version': '1.2', 'heart-beat': `${sendEveryMs},${expectEveryMs}` })
    this.#connection.send('SUBSCRIBE', { destination: this.#replyQueue, id: 'replies', ack: 'auto' })
    this.#connection.send('SUBSCRIBE', { destination: eventQueue, id: 'events', ack: 'auto' })
    const timer = setTimeout(
      () =>
        this.#abort(
          'timeout',
          `set up no session within ${timeoutMs} ms. Is it overloaded, or does a firewall drop packets?`,
        ),
      timeoutMs,
    )
    const settled = () => clearTimeout(timer)
    this.#connected.promise.then(settled, settled)
  }

  #receive(frame: Frame): void {
    if (frame.command === 'MESSAGE') this.#deliver(frame)
    else if (frame.command === 'CONNECTED') this.#start(frame)
    else if (frame.command === 'RECEIPT') this.#connection.end()
    else this.#abort('protocol', `sent ${frame.command}: ${frame.body.toString() || frame.headers.message}`)
  }

  #start({ headers }: Frame): void {
    this.#connection.keep(agreeHeartBeat(this.#heartBeat, headers['heart-beat']))
    this.#isConnected = true
    this.#connected.resolve()
  }

  #deliver({ body }: Frame): void {
    const message = parseMessage(body)
    if (!message) this.#abort('protocol', 'sent a MESSAGE that is no JSON-RPC 2.0.')
    else if ('id' in message) this.#calls.settle(message)
    else for (const listener of this.#listeners) listener(message)
  }

  /** VDSM answers a DISCONNECT that has a receipt header, and leaves the closing to the client. */
  #sayGoodbye(): void {
    this.#gone = new VdsmConnectionError('closed', this.#options, `The connection to ${this.#where} was closed here.`)
    this.#calls.fail(this.#gone)
    this.#connection.send('DISCONNECT', { receipt: 'goodbye' })
    const timer = setTimeout(() => this.#connection.end(), limits.closeTimeoutMs)
    this.closed.then(() => clearTimeout(timer))
  }

  #abort(failure: ConnectionFailure, what: string): void {
    this.#connection.destroy(new VdsmConnectionError(failure, this.#options, `${this.#where} ${what}`))
  }

  #finish(reason: Error | undefined): void {
    const { host, port, tls } = this.#options
    const wanted = this.#gone !== undefined
    this.#gone ??= this.#isConnected
      ? connectionLost(reason, { host, port })
      : connectionRefused(reason, { host, port }, tls !== undefined)
    this.#calls.fail(this.#gone)
    this.#connected.reject(this.#gone)
    this.#closed.resolve(wanted ? undefined : this.#gone)
  }

  get #where(): string {
    return `${this.#options.host} port ${this.#options.port}`
  }
}

/** Frames may be sent at once: the socket keeps them until it is connected. */
function openSocket({ host, port, tls }: VdsmClientOptions): Socket {
  return tls ? connectTls({ host, port, checkServerIdentity: () => undefined, ...tls }) : connect({ host, port })
}
