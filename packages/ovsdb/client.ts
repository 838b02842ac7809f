// A client of one OVSDB database, whichever of its servers can be worked with: transactions, and events about the servers.
import { type ClientSettings, type OvsdbClientOptions, settingsOf } from './client-options.ts'
import { Listeners, warnOfListener } from './listeners.ts'
import { missingIn } from './schema/database-description.ts'
import type { DatabaseSchema } from './schema/database-schema.ts'
import { Reconnection } from './session/reconnection.ts'
import type { ServerStatus } from './session/server-status.ts'
import type { Session } from './session/session.ts'
import { UncertainOutcomeError } from './session/uncertain-outcome.ts'
import { WaitingRoom } from './session/waiting-room.ts'
import { type ConnectionError, clientClosed } from './transport/connection-error.ts'
import type { Outcome } from './transport/request-queue.ts'
import { readError } from './wire/errors.ts'
import { isReadOnly, type Operation, type ResultsOf } from './wire/operations/operations.ts'
import { encodeTransaction, readResults } from './wire/operations/transact.ts'
import type { AnyTables } from './wire/values/rows.ts'

export type ClientEvent =
  | { readonly type: 'connected'; readonly remote: string; readonly status: ServerStatus }
  | { readonly type: 'refused'; readonly remote: string; readonly reason: ConnectionError }
  | { readonly type: 'lost'; readonly remote: string; readonly reason: ConnectionError }
  | { readonly type: 'leader-moved'; readonly from: string; readonly to: string }
  | { readonly type: 'schema-changed'; readonly from: DatabaseSchema; readonly to: DatabaseSchema }
  /** A lock that `request('lock', [name])` queued for is held now, or one that was held is not. */
  | { readonly type: 'locked' | 'stolen'; readonly remote: string; readonly lock: string }

export interface CallOptions {
  /** Waiting for a connection included. */
  readonly timeoutMs?: number
}

export class OvsdbClient<Tables extends object = AnyTables> {
  readonly #settings: ClientSettings
  readonly #reconnection: Reconnection
  readonly #waiting: WaitingRoom
  readonly #events: Listeners<ClientEvent>
  readonly #sessions: Listeners<Session>
  #session: Session | undefined
  #latest: { readonly remote: string; readonly schema: DatabaseSchema } | undefined
  #closed = false
  /** Never there: carries the types. */
  readonly tables?: Tables

  /** Connects at once, and again whenever it has to. */
  constructor(options: OvsdbClientOptions<Tables>) {
    this.#settings = settingsOf(options)
    this.#waiting = new WaitingRoom(this.#settings.limits.waiting)
    this.#events = new Listeners(options.onListenerError ?? warnOfListener)
    this.#sessions = new Listeners(options.onListenerError ?? warnOfListener)
    this.#reconnection = new Reconnection(this.#settings.reconnection, {
      onSession: (session) => this.#begin(session),
      onLeaving: (session) => this.#leave(session),
      onLost: ({ remote }, reason) => this.#events.call({ type: 'lost', remote, reason }),
      onRefused: (reason) => {
        this.#waiting.refused(reason)
        this.#events.call({ type: 'refused', remote: reason.remote ?? '', reason })
      },
    })
  }

  /** The server that is worked with now, and what it says about itself. */
  get server(): { readonly remote: string; readonly status: ServerStatus } | undefined {
    const status = this.#session?.status
    return this.#session && status && { remote: this.#session.remote, status }
  }

  /** Of the server that was worked with last. */
  get schema(): DatabaseSchema | undefined {
    return this.#latest?.schema
  }

  /** What an older server lacks of the description that the client was given: `['Sample', 'ACL.tier']`. */
  get missing(): readonly string[] {
    return this.schema && this.#settings.database ? missingIn(this.schema, this.#settings.database) : []
  }

  hasTable(table: keyof Tables & string): boolean {
    return this.schema?.tables.has(table) ?? false
  }

  hasColumn<T extends keyof Tables & string>(table: T, column: keyof Tables[T] & string): boolean {
    return this.schema?.tables.get(table)?.columns.has(column) ?? false
  }

  /** Throws a ConnectionError with the reason of the latest attempt. */
  async whenConnected({ timeoutMs = this.#settings.times.requestMs }: CallOptions = {}): Promise<void> {
    await this.#sessionWithin(timeoutMs)
  }

  /**
   * Carries out operations together or not at all; resolves to a result for each. What was not sent yet when a connection
   * breaks is sent on the next one. Throws an OvsdbError if the server refuses, a ConnectionError if nothing was done, an
   * UncertainOutcomeError if that is not known, a TypeError for values that a column cannot hold.
   */
  async transact<const Ops extends readonly Operation[]>(
    operations: Ops,
    { timeoutMs = this.#settings.times.requestMs }: CallOptions = {},
  ): Promise<ResultsOf<Ops>> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const session = this.#session ?? (await this.#sessionWithin(deadline - performance.now()))
      const params = encodeTransaction(session.schema, operations)
      const outcome = await session.request('transact', params, remainingMs(deadline))
      if (outcome.type === 'answered') return readAnswer(session.schema, operations, outcome)
      if (outcome.sent && !isReadOnly(operations)) throw new UncertainOutcomeError(operations, outcome.reason)
      if (outcome.reason.failure === 'busy' || deadline - performance.now() < leastMs) throw outcome.reason
    }
  }

  /**
   * Any other method of the server, such as `lock` (gone with the connection: see the event `lost`) or `convert`. Sent at
   * most once. Throws an OvsdbError if the server refuses, a ConnectionError if nothing was done, an
   * UncertainOutcomeError if that is not known.
   */
  async request(
    method: string,
    params: readonly unknown[],
    { timeoutMs = this.#settings.times.requestMs }: CallOptions = {},
  ): Promise<unknown> {
    const deadline = performance.now() + timeoutMs
    const session = await this.#sessionWithin(timeoutMs)
    const outcome = await session.request(method, params, remainingMs(deadline))
    if (outcome.type === 'lost') throw outcome.sent ? new UncertainOutcomeError([], outcome.reason) : outcome.reason
    if (outcome.error !== null) throw readError(outcome.error)
    return outcome.result
  }

  /** Returns what ends it. */
  onEvent(listener: (event: ClientEvent) => void): () => void {
    return this.#events.add(listener)
  }

  /** For replicas: calls back with each session before any transaction is sent on it, and with the one there is. */
  onSession(listener: (session: Session) => void): () => void {
    if (this.#session) listener(this.#session)
    return this.#sessions.add(listener)
  }

  /** Takes no more calls, lets those in flight be answered within `graceMs`, then closes. */
  async close({ graceMs = 1000 }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closed = true
    this.#waiting.close(clientClosed())
    await this.#reconnection.close(graceMs)
  }

  async #sessionWithin(timeoutMs: number): Promise<Session> {
    if (this.#closed) throw clientClosed()
    return this.#session ?? this.#waiting.wait(Math.max(0, timeoutMs))
  }

  #begin(session: Session): void {
    const before = this.#latest
    this.#session = session
    this.#latest = { remote: session.remote, schema: session.schema }
    session.onLock = (type, lock) => this.#events.call({ type, remote: session.remote, lock })
    this.#sessions.call(session)
    this.#waiting.admit(session)
    this.#tell(session, before)
  }

  #tell({ remote, schema, status }: Session, before: { remote: string; schema: DatabaseSchema } | undefined): void {
    this.#events.call({ type: 'connected', remote, status: status! })
    if (!before) return
    if (status!.model === 'clustered' && status!.leader && before.remote !== remote)
      this.#events.call({ type: 'leader-moved', from: before.remote, to: remote })
    if (before.schema.version !== schema.version || before.schema.cksum !== schema.cksum)
      this.#events.call({ type: 'schema-changed', from: before.schema, to: schema })
  }

  #leave(session: Session): void {
    if (this.#session === session) this.#session = undefined
  }
}

function readAnswer<Ops extends readonly Operation[]>(
  schema: DatabaseSchema,
  operations: Ops,
  { result, error }: Outcome & { type: 'answered' },
): ResultsOf<Ops> {
  if (error === null) return readResults(schema, operations, result)
  const refusal = readError(error)
  // A cluster may have begun to commit what a conversion of the database cancels.
  if (refusal.kind === 'canceled' && !isReadOnly(operations)) throw new UncertainOutcomeError(operations, refusal)
  throw refusal
}

/** No new attempt with less time than this: it would be sent for nothing, and its outcome be uncertain. */
const leastMs = 10

function remainingMs(deadline: number): number {
  return Math.max(1, Math.ceil(deadline - performance.now()))
}
