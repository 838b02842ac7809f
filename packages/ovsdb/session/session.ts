// One connection to a server that suits, from the moment that it is known to, until it is closed.
import type { Socket } from 'node:net'
import type { DatabaseSchema } from '../schema/database-schema.ts'
import { parseSchema } from '../schema/database-schema.ts'
import { ConnectionError } from '../transport/connection-error.ts'
import type { ProbeTimes } from '../transport/echo-probe.ts'
import type { TlsIdentity } from '../transport/open-socket.ts'
import type { Outcome } from '../transport/request-queue.ts'
import { type ConnectionLimits, RpcConnection } from '../transport/rpc-connection.ts'
import { readError } from '../wire/errors.ts'
import type { TableUpdates } from '../wire/stream/row-updates.ts'
import {
  monitorStatus,
  type Requirements,
  type ServerStatus,
  ServerStatusCopy,
  statusOfOldServer,
  whyUnsuitable,
} from './server-status.ts'

export interface SessionOptions extends Requirements {
  readonly tls?: TlsIdentity | undefined
  readonly connectMs: number
  readonly drainMs: number
  readonly probe: ProbeTimes
  readonly limits: ConnectionLimits
}

/** Called with a notification about a monitor, and what follows the monitor's id in its parameters. */
export type MonitorListener = (method: string, params: readonly unknown[]) => void

/** `locked`: a lock that was asked for is held now. `stolen`: it no longer is (RFC 7047 sections 4.1.9 and 4.1.10). */
export type LockListener = (change: 'locked' | 'stolen', lock: string) => void

const statusMonitor = 'patchbay-server-status'
const schemaMonitor = 'patchbay-schema'

export class Session {
  readonly remote: string
  /** Resolves when the connection is gone. Never rejects. */
  readonly closed: Promise<ConnectionError>
  /** Called once, when the session takes no more requests: it is closed, or about to be. */
  onLeaving: (() => void) | undefined
  onLock: LockListener | undefined
  readonly #options: SessionOptions
  readonly #connection: RpcConnection
  readonly #status = new ServerStatusCopy()
  #hasStatus = true
  #schema: DatabaseSchema | undefined
  readonly #monitors = new Map<unknown, MonitorListener>()
  /** The server was left because of its database, which may be there with another schema. */
  databaseChanged = false

  constructor(socket: Socket, remote: string, options: SessionOptions) {
    this.remote = remote
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<ConnectionError>()
    this.closed = promise
    this.#connection = new RpcConnection(
      socket,
      remote,
      { ...options.limits, probe: options.probe },
      {
        onNotification: (method, params) => this.#notified(method, params),
        onEnding: () => this.onLeaving?.(),
        onClosed: resolve,
      },
    )
  }

  get schema(): DatabaseSchema {
    if (!this.#schema) throw new Error('The session has not started.')
    return this.#schema
  }

  get status(): ServerStatus | undefined {
    return this.#hasStatus ? this.#status.status : statusOfOldServer
  }

  /** `settle` is called in the order of arrival, among answers and notifications. */
  call(method: string, params: readonly unknown[], timeoutMs: number, settle: (outcome: Outcome) => void): void {
    this.#connection.call(method, params, timeoutMs, settle)
  }

  request(method: string, params: readonly unknown[], timeoutMs: number): Promise<Outcome> {
    return new Promise((resolve) => this.#connection.call(method, params, timeoutMs, resolve))
  }

  /** Returns what ends it. */
  onMonitor(id: string, listener: MonitorListener): () => void {
    this.#monitors.set(id, listener)
    return () => this.#monitors.delete(id)
  }

  /** Tells what the server must know, and waits for what it must tell: all at once. Throws a ConnectionError. */
  async start(timeoutMs: number): Promise<void> {
    // Without this the server would close the connection where it can as well tell of a change. Old ones do not know it.
    this.#connection.call('set_db_change_aware', [true], timeoutMs, () => {})
    const hasStatus = this.#monitorStatus(timeoutMs)
    this.#monitorSchema(timeoutMs)
    const schema = this.request('get_schema', [this.#options.database], timeoutMs)
    try {
      this.#hasStatus = await hasStatus
      this.#throwUnlessSuitable()
      this.#schema = parseSchema(this.#resultOf(await schema))
      // Either may have changed while the other was on its way.
      this.#throwUnlessSuitable()
    } catch (error) {
      const reason = error instanceof ConnectionError ? error : this.#unsuitable(`told ${(error as Error).message}`)
      this.#connection.destroy(reason)
      await this.closed
      throw reason
    }
  }

  /** Takes no more requests, waits for answers to those in flight, then closes. */
  close(reason: ConnectionError, graceMs: number): Promise<unknown> {
    this.#connection.close(reason, graceMs)
    return this.closed
  }

  /** Closes because of the server, and lets it answer what is in flight. */
  leave(fault: string): void {
    void this.close(this.#unsuitable(fault), this.#options.drainMs)
  }

  /** Closes at once. */
  destroy(reason: ConnectionError): void {
    this.#connection.destroy(reason)
  }

  /** False if the server has no `_Server`. */
  async #monitorStatus(timeoutMs: number): Promise<boolean> {
    this.onMonitor(statusMonitor, (_, [updates]) => this.#statusChanged(updates as TableUpdates))
    const params = monitorStatus(statusMonitor, this.#options.database)
    const outcome = await this.#callInOrder('monitor_cond', params, timeoutMs, (result) =>
      this.#statusChanged(result as TableUpdates),
    )
    if (outcome.type === 'lost') throw outcome.reason
    return outcome.error === null
  }

  /**
   * A monitor of nothing, which the server cancels when the database is converted or removed. The schema in `_Server`
   * does not do: of a standalone database it stays what it was when the server started.
   */
  #monitorSchema(timeoutMs: number): void {
    this.onMonitor(schemaMonitor, () => {
      this.databaseChanged = true
      this.leave('has converted or removed the database')
    })
    this.#connection.call('monitor', [this.#options.database, schemaMonitor, {}], timeoutMs, () => {})
  }

  #resultOf(outcome: Outcome): unknown {
    if (outcome.type === 'lost') throw outcome.reason
    if (outcome.error !== null) throw this.#unsuitable(`answered: ${readError(outcome.error).message}`)
    return outcome.result
  }

  /** `take` gets the result before any later message is looked at. */
  #callInOrder(
    method: string,
    params: readonly unknown[],
    timeoutMs: number,
    take: (result: unknown) => void,
  ): Promise<Outcome> {
    return new Promise((resolve) =>
      this.#connection.call(method, params, timeoutMs, (outcome) => {
        resolve(outcome)
        if (outcome.type === 'answered' && outcome.error === null) take(outcome.result)
      }),
    )
  }

  #throwUnlessSuitable(): void {
    if (this.#connection.endReason) throw this.#connection.endReason
    const fault = whyUnsuitable(this.status, this.#options)
    if (fault) throw this.#unsuitable(fault)
  }

  #notified(method: string, [id, ...params]: readonly unknown[]): void {
    if (method === 'locked' || method === 'stolen') this.onLock?.(method, String(id))
    else this.#monitors.get(id)?.(method, params)
  }

  #statusChanged(updates: TableUpdates): void {
    this.#status.apply(updates)
    if (!this.#schema) return
    const fault = whyUnsuitable(this.status, this.#options)
    if (fault) this.leave(fault)
  }

  #unsuitable(what: string): ConnectionError {
    return new ConnectionError('unsuitable', this.remote, `${this.remote} ${what}.`)
  }
}
