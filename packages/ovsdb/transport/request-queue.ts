// Requests on their way: those not yet written, those without an answer, and how many of each there may be.
import type { ConnectionError } from './connection-error.ts'

export interface QueueLimits {
  /** Requests that the server works on at the same time; more wait here. */
  readonly inFlight: number
  /** Requests that wait here; more are refused. */
  readonly waiting: number
  /** Bytes that wait here, requests and all else; more are refused. */
  readonly outgoingBytes: number
}

/** How a request ended. `sent`: whether the server may have seen it. */
export type Outcome =
  | { readonly type: 'answered'; readonly result: unknown; readonly error: unknown }
  | { readonly type: 'lost'; readonly reason: ConnectionError; readonly sent: boolean }

export interface Request {
  readonly id: number
  readonly text: string
  /** Called once, in the order in which messages arrive. */
  readonly settle: (outcome: Outcome) => void
  /** By performance.now(). */
  readonly deadline: number
  timer?: NodeJS.Timeout
}

const leastMs = 5

export class RequestQueue {
  readonly #limits: QueueLimits
  readonly #inFlight = new Map<number, Request>()
  /** Answers and notifications: these go first, and count for no limit but the bytes. */
  #messages: string[] = []
  #waiting: Request[] = []
  /** Of `#waiting`: before it, all are written or given up. */
  #next = 0
  #waitingBytes = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#inFlight.size === 0 && this.#next === this.#waiting.length
  }

  get isFull(): boolean {
    const { waiting, outgoingBytes } = this.#limits
    return this.#waiting.length - this.#next >= waiting || this.#waitingBytes >= outgoingBytes
  }

  add(request: Request): void {
    this.#waiting.push(request)
    this.#waitingBytes += request.text.length
  }

  addMessage(text: string): void {
    this.#messages.push(text)
    this.#waitingBytes += text.length
  }

  /**
   * All that may be written now, as one text. What it holds counts as sent. A request that has no time left for an answer
   * is not sent any more: it would end as uncertain without need.
   */
  takeOutgoing(): string {
    const latest = performance.now() + leastMs
    const texts = this.#messages
    this.#messages = []
    while (this.#next < this.#waiting.length && this.#inFlight.size < this.#limits.inFlight) {
      const request = this.#waiting[this.#next]!
      if (request.deadline < latest) break
      this.#next++
      this.#inFlight.set(request.id, request)
      texts.push(request.text)
    }
    this.#dropWritten()
    const outgoing = texts.join('')
    this.#waitingBytes -= outgoing.length
    return outgoing
  }

  /** A request's answer has come, or its time is over. Undefined for one that is not (or no longer) known. */
  take(id: unknown): { request: Request; sent: boolean } | undefined {
    const request = this.#inFlight.get(id as number)
    if (request) {
      this.#inFlight.delete(request.id)
      return { request, sent: true }
    }
    const at = this.#waiting.findIndex((waiting, index) => index >= this.#next && waiting.id === id)
    if (at < 0) return undefined
    const [waiting] = this.#waiting.splice(at, 1)
    this.#waitingBytes -= waiting!.text.length
    return { request: waiting!, sent: false }
  }

  /** The connection is gone. */
  takeAll(): { request: Request; sent: boolean }[] {
    const sent = [...this.#inFlight.values()].map((request) => ({ request, sent: true }))
    const unsent = this.#waiting.slice(this.#next).map((request) => ({ request, sent: false }))
    this.#inFlight.clear()
    this.#waiting = []
    this.#messages = []
    this.#next = this.#waitingBytes = 0
    return [...sent, ...unsent]
  }

  /** Not at each request: shifting a long queue once per request would cost its length each time. */
  #dropWritten(): void {
    if (this.#next < this.#waiting.length && this.#next < 1024) return
    this.#waiting = this.#waiting.slice(this.#next)
    this.#next = 0
  }
}
