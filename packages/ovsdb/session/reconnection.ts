// Keeps one session to one of several remotes: which one next, and when.
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionError, clientClosed } from '../transport/connection-error.ts'
import { parseRemote, type Remote } from '../transport/remote.ts'
import { openSession } from './open-session.ts'
import type { Session, SessionOptions } from './session.ts'

export interface Backoff {
  /** Pause after all remotes have failed, and after a session that did not last; doubled each time. */
  readonly minMs: number
  readonly maxMs: number
}

export interface ReconnectionOptions extends Omit<SessionOptions, 'seen'> {
  readonly remotes: readonly string[]
  readonly backoff: Backoff
}

export interface ReconnectionEvents {
  readonly onSession: (session: Session) => void
  /** The session takes no more requests. */
  readonly onLeaving: (session: Session) => void
  readonly onLost: (session: Session, reason: ConnectionError) => void
  readonly onRefused: (reason: ConnectionError) => void
}

export class Reconnection {
  readonly #options: ReconnectionOptions
  readonly #events: ReconnectionEvents
  readonly #remotes: readonly Remote[]
  readonly #stop = new AbortController()
  readonly #done: Promise<void>
  #next = 0
  /** Failures since a session lasted: one for each attempt. */
  #failures = 0
  #seen: SessionOptions['seen']
  #session: Session | undefined

  /** Starts at once. Throws a TypeError for remotes that are none, and for `ssl:` without certificates. */
  constructor(options: ReconnectionOptions, events: ReconnectionEvents) {
    if (options.remotes.length === 0) throw new TypeError('There are no remotes to connect to.')
    this.#options = options
    this.#events = events
    this.#remotes = options.remotes.map(parseRemote)
    const secured = this.#remotes.find(({ kind }) => kind === 'ssl')
    if (secured && !options.tls)
      throw new TypeError(`${secured.name} needs certificates: give the client its tls option.`)
    // Where any server will do, clients spread over all of them.
    if (!options.leaderOnly) this.#next = Math.floor(Math.random() * this.#remotes.length)
    this.#done = this.#run()
  }

  /** Lets requests in flight be answered within `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#stop.abort()
    await this.#session?.close(clientClosed(), graceMs)
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const session = await this.#open()
      if (session) await this.#live(session)
      else this.#failures++
      await this.#pause()
    }
  }

  async #open(): Promise<Session | undefined> {
    const remote = this.#remotes[this.#next]!
    try {
      const session = await openSession(remote, { ...this.#options, seen: this.#seen }, this.#stop.signal)
      if (!this.#stop.signal.aborted) return session
      await session.close(clientClosed(), 0)
      return undefined
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error
      this.#advance()
      if (!this.#stop.signal.aborted) this.#events.onRefused(error)
      return undefined
    }
  }

  async #live(session: Session): Promise<void> {
    const since = performance.now()
    this.#session = session
    session.onLeaving = () => this.#events.onLeaving(session)
    this.#events.onSession(session)
    const reason = await session.closed
    this.#session = undefined
    this.#remember(session)
    // A server with a new schema is as good as it was.
    if (!session.databaseChanged) this.#advance()
    this.#failures = performance.now() - since > this.#options.backoff.maxMs ? 0 : this.#failures + 1
    this.#events.onLost(session, reason)
  }

  #advance(): void {
    this.#next = (this.#next + 1) % this.#remotes.length
  }

  /** A cluster that was made anew counts from the beginning, and has another cid. */
  #remember({ status }: Session): void {
    if (!status?.cid || status.index === null) return
    const index = status.cid === this.#seen?.cid ? Math.max(status.index, this.#seen.index) : status.index
    this.#seen = { cid: status.cid, index }
  }

  /** None until all remotes have been tried; then longer and longer, and not the same for all clients. */
  async #pause(): Promise<void> {
    const rounds = Math.floor(this.#failures / this.#remotes.length)
    if (rounds === 0 || this.#failures % this.#remotes.length > 0) return
    const { minMs, maxMs } = this.#options.backoff
    const ms = Math.min(maxMs, minMs * 2 ** (rounds - 1)) * (0.75 + Math.random() / 2)
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}
