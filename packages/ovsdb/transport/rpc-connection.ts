// One connection to an OVSDB server: requests with their answers, notifications, echo both ways, all within limits.
import type { Socket } from 'node:net'
import { FramingError, JsonFramer } from '../wire/stream/json-framer.ts'
import {
  encodeNotification,
  encodeRequest,
  encodeResponse,
  parseMessage,
  type RpcMessage,
} from '../wire/stream/json-rpc.ts'
import { ConnectionError, connectionLost } from './connection-error.ts'
import { EchoProbe, type ProbeTimes } from './echo-probe.ts'
import { type Outcome, type QueueLimits, type Request, RequestQueue } from './request-queue.ts'

export interface ConnectionLimits extends QueueLimits {
  /** Of one message from the server: the largest is the first load of a monitor. */
  readonly messageBytes: number
  readonly depth: number
}

export interface ConnectionEvents {
  /** What it throws closes the connection. */
  readonly onNotification: (method: string, params: readonly unknown[]) => void
  /** Once, as soon as it takes no more requests, before any is settled because of that. */
  readonly onEnding: () => void
  /** Once, after all requests have been settled. */
  readonly onClosed: (reason: ConnectionError) => void
}

export class RpcConnection {
  /** Name of the remote. */
  readonly remote: string
  readonly #socket: Socket
  readonly #events: ConnectionEvents
  readonly #queue: RequestQueue
  readonly #probe: EchoProbe
  #lastId = 0
  #flushing = false
  #reason: ConnectionError | undefined
  #closeTimer: NodeJS.Timeout | undefined

  constructor(
    socket: Socket,
    remote: string,
    options: ConnectionLimits & { probe: ProbeTimes },
    events: ConnectionEvents,
  ) {
    this.remote = remote
    this.#socket = socket
    this.#events = events
    this.#queue = new RequestQueue(options)
    const framer = new JsonFramer(options, (text) => this.#receive(text))
    const { answerMs, idleMs } = options.probe
    this.#probe = new EchoProbe(
      options.probe,
      // Past the queue, which the server may not get on with. Its answer is only heard.
      () => this.#send(encodeRequest(++this.#lastId, 'echo', [])),
      () => this.#abort('timeout', `gave no sign of life for ${idleMs + answerMs} ms. Is it overloaded, or cut off?`),
    )
    socket.on('data', (chunk: Buffer) => this.#read(framer, chunk))
    socket.on('drain', () => this.#flushSoon())
    let failure: Error | undefined
    socket.on('error', (error) => {
      failure = error
    })
    // What was not sent by then need not be uncertain.
    socket.on('end', () => this.destroy(connectionLost(remote, failure)))
    socket.on('close', () => this.#closed(failure))
  }

  /** Why it takes no more requests; undefined if it does. */
  get endReason(): ConnectionError | undefined {
    return this.#reason
  }

  /**
   * Sends a request, at the latest when the current turn of the event loop ends, so that requests made together travel
   * together. `settle` is called in the order of arrival: before any notification that came after the answer.
   */
  call(method: string, params: readonly unknown[], timeoutMs: number, settle: (outcome: Outcome) => void): void {
    const refusal = this.#reason ?? (this.#queue.isFull ? this.#busy() : undefined)
    if (refusal) {
      settle({ type: 'lost', reason: refusal, sent: false })
      return
    }
    const id = ++this.#lastId
    const deadline = performance.now() + timeoutMs
    const request: Request = { id, text: encodeRequest(id, method, params), settle, deadline }
    request.timer = setTimeout(() => this.#giveUp(request, method, timeoutMs), timeoutMs)
    this.#queue.add(request)
    this.#flushSoon()
  }

  /** Takes no more requests, lets those that were made be answered, then closes; all that within `graceMs`. */
  close(reason: ConnectionError, graceMs: number): void {
    if (this.#reason) return
    this.#end(reason)
    this.#closeTimer = setTimeout(() => this.#socket.destroy(), graceMs)
    this.#endIfIdle()
  }

  /** Closes at once. */
  destroy(reason: ConnectionError): void {
    this.#end(reason)
    this.#socket.destroy()
  }

  #end(reason: ConnectionError): void {
    if (this.#reason) return
    this.#reason = reason
    this.#events.onEnding()
  }

  #send(text: string): void {
    this.#queue.addMessage(text)
    this.#flushSoon()
  }

  /** After the promises that the current event settles: what these send is still in time. */
  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    process.nextTick(() => {
      this.#flushing = false
      if (this.#socket.writableNeedDrain || this.#socket.destroyed) return
      const outgoing = this.#queue.takeOutgoing()
      if (outgoing) this.#socket.write(outgoing)
    })
  }

  #read(framer: JsonFramer, chunk: Buffer): void {
    this.#probe.heard()
    try {
      framer.push(chunk)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #receive(text: string): void {
    if (this.#socket.destroyed) return
    const message = parseMessage(text)
    if (!message) this.#abort('protocol', 'sent what is not JSON-RPC. Does OVSDB listen there?')
    else this.#dispatch(message)
  }

  #dispatch(message: RpcMessage): void {
    if (message.type === 'response') this.#answer(message.id, message.result, message.error)
    else if (message.type === 'notification') this.#events.onNotification(message.method, message.params)
    else if (message.method === 'echo') this.#send(encodeResponse(message.id, message.params))
    else
      this.#abort('protocol', `asked for ${JSON.stringify(message.method.slice(0, 50))}, which OVSDB servers do not.`)
  }

  /** An answer that comes after its request was given up is dropped. */
  #answer(id: unknown, result: unknown, error: unknown): void {
    const found = this.#queue.take(id)
    if (!found) return
    settle(found.request, { type: 'answered', result, error })
    this.#endIfIdle()
    this.#flushSoon()
  }

  #giveUp(request: Request, method: string, timeoutMs: number): void {
    const found = this.#queue.take(request.id)
    if (!found) return
    // Frees the server of a transaction that still waits (RFC 7047 section 4.1.4); whether it answers to this varies.
    if (found.sent && method === 'transact') this.#send(encodeNotification('cancel', [request.id]))
    const text = `${this.remote} did not answer ${method} within ${timeoutMs} ms. Is the server overloaded?`
    settle(request, { type: 'lost', reason: new ConnectionError('timeout', this.remote, text), sent: found.sent })
    this.#flushSoon()
    this.#endIfIdle()
  }

  #fail(error: Error): void {
    if (!(error instanceof FramingError)) this.#abort('protocol', `sent what cannot be used: ${error.message}`)
    else if (error.fault === 'garbage') this.#abort('protocol', `does not speak OVSDB. ${error.message}`)
    else this.#abort('protocol', `sent too much. ${error.message} Raise the limit, or monitor less.`)
  }

  #abort(failure: 'timeout' | 'protocol', what: string): void {
    this.destroy(new ConnectionError(failure, this.remote, `${this.remote} ${what}`))
  }

  #busy(): ConnectionError {
    const text = `Too much is waiting for ${this.remote} already. Send less at a time, or raise the limits.`
    return new ConnectionError('busy', this.remote, text)
  }

  /** The server may still be sending; nobody needs it any more. */
  #endIfIdle(): void {
    if (this.#reason && this.#queue.isEmpty) this.#socket.end(() => this.#socket.destroy())
  }

  #closed(failure: Error | undefined): void {
    this.#probe.stop()
    clearTimeout(this.#closeTimer)
    this.#end(connectionLost(this.remote, failure))
    const reason = this.#reason!
    for (const { request, sent } of this.#queue.takeAll()) settle(request, { type: 'lost', reason, sent })
    this.#events.onClosed(reason)
  }
}

function settle(request: Request, outcome: Outcome): void {
  clearTimeout(request.timer)
  request.settle(outcome)
}
