// A copy of tables of a database that follows it: reads never leave the process.
import type { CallOptions, OvsdbClient } from '../client.ts'
import { type ListenerErrorHandler, Listeners, warnOfListener } from '../listeners.ts'
import type { Operation, ResultsOf } from '../wire/operations/operations.ts'
import { Copy, type TableChanges } from './copy.ts'
import { Follower, type ReplicaState } from './follower.ts'
import type { SelectedRow, Selection } from './selection.ts'
import type { Change, ReplicaTable } from './table-copy.ts'
import { UnseenTransactionError } from './unseen-transaction.ts'
import { Waiters } from './waiters.ts'

export interface ReplicaOptions<S> {
  /** Table → columns; see TableSelection. */
  readonly tables: S
  /** ms for the first load, and for one after a connection was lost. Default 60 s. */
  readonly loadTimeoutMs?: number
  /** Default: a warning of the process. */
  readonly onListenerError?: ListenerErrorHandler
}

const maxWaiters = 10_000

export class Replica<Tables extends object, const S extends Selection<Tables>> {
  readonly #client: OvsdbClient<Tables>
  readonly #loadTimeoutMs: number
  readonly #copy: Copy
  readonly #follower: Follower
  readonly #waiters = new Waiters(maxWaiters)
  readonly #listeners: Listeners<TableChanges>
  readonly #detach: () => void

  /** Loads at once, and after a lost connection what is missing. */
  constructor(client: OvsdbClient<Tables>, options: ReplicaOptions<S>) {
    const { tables, loadTimeoutMs = 60_000, onListenerError = warnOfListener } = options
    this.#client = client
    this.#loadTimeoutMs = loadTimeoutMs
    this.#copy = new Copy(Object.keys(tables), onListenerError)
    this.#listeners = new Listeners(onListenerError)
    const onStep = (changes: TableChanges) => this.#tell(changes)
    this.#follower = new Follower({ selection: tables, copy: this.#copy, loadTimeoutMs, onStep })
    this.#detach = client.onSession((session) => this.#follower.follow(session))
  }

  get state(): ReplicaState {
    return this.#follower.state
  }

  /** What the server lacks of the selection; such columns are undefined in rows, such tables empty. */
  get missing(): readonly string[] {
    return this.#follower.missing
  }

  table<T extends keyof S & keyof Tables & string>(name: T): ReplicaTable<SelectedRow<Tables[T], S[T]>> {
    const table = this.#copy.table(name)
    if (!table) throw new TypeError(`${name} is not among the tables of the replica.`)
    return table as unknown as ReplicaTable<SelectedRow<Tables[T], S[T]>>
  }

  /** Calls back with what changed in a table, once all tables are as the transaction left them. Returns what ends it. */
  onChange<T extends keyof S & keyof Tables & string>(
    table: T,
    listener: (changes: readonly Change<SelectedRow<Tables[T], S[T]>>[]) => void,
  ): () => void {
    return this.#listeners.add((changes) => {
      const found = changes.get(table)
      if (found) listener(found as unknown as readonly Change<SelectedRow<Tables[T], S[T]>>[])
    })
  }

  /** The same for all tables together. */
  onTransaction(listener: (changes: TableChanges) => void): () => void {
    return this.#listeners.add(listener)
  }

  /** Throws a WaitTimeoutError, or why the server refused. */
  async whenSynced({ timeoutMs = this.#loadTimeoutMs }: CallOptions = {}): Promise<void> {
    await this.#waiters.wait(() => this.#isSynced(), { what: 'A replica in step with the server', timeoutMs })
  }

  /**
   * Resolves to the first result of `find` that is not undefined, null or false; it is called now, and after each change.
   * Throws a WaitTimeoutError, or what `find` throws.
   */
  waitFor<T>(find: () => T, options: { readonly timeoutMs: number; readonly what?: string }): Promise<NonNullable<T>> {
    return this.#waiters.wait(find, { what: 'What was waited for', ...options })
  }

  /**
   * As `client.transact`, and resolves when the replica has what the transaction did. That is when the answer comes: a
   * server tells a client the changes of its own transaction before it answers (ovsdb-server(7), 4.1.5). Only a replica
   * that is not in step at that moment has yet to get there. If it does not, an UnseenTransactionError says so: the
   * transaction did take place. `timeoutMs` is for all of it; without, `loadTimeoutMs` is for the replica.
   */
  async transactAndWait<const Ops extends readonly Operation[]>(
    operations: Ops,
    options: CallOptions = {},
  ): Promise<ResultsOf<Ops>> {
    const start = performance.now()
    const results = await this.#client.transact(operations, options)
    if (this.state === 'synced') return results
    const { timeoutMs = Infinity } = options
    const restMs = Math.min(this.#loadTimeoutMs, Math.max(0, start + timeoutMs - performance.now()))
    return this.whenSynced({ timeoutMs: restMs }).then(
      () => results,
      (cause) => {
        throw new UnseenTransactionError(results, cause)
      },
    )
  }

  /** Follows no more. The rows stay as they are; those who wait fail. */
  close(): void {
    const reason = new Error('The replica was closed.')
    this.#detach()
    this.#follower.stop(reason)
    this.#waiters.failAll(reason)
  }

  #isSynced(): boolean {
    if (this.#follower.failure) throw this.#follower.failure
    return this.state === 'synced'
  }

  #tell(changes: TableChanges): void {
    if (changes.size > 0) this.#listeners.call(changes)
    this.#waiters.checkAll()
  }
}
