// Keeps a copy in step with the database, from one session to the next.
import type { Session } from '../session/session.ts'
import type { TableUpdates } from '../wire/stream/row-updates.ts'
import type { Copy, TableChanges } from './copy.ts'
import { noTransaction, startMonitor } from './monitor.ts'
import { type ResolvedSelection, resolveSelection, type Selection } from './selection.ts'

/** `loading` until the first load; `stale` while there is no connection, with the rows as they were last known. */
export type ReplicaState = 'loading' | 'synced' | 'stale'

export interface FollowerOptions {
  readonly selection: Selection<object>
  readonly copy: Copy
  readonly loadTimeoutMs: number
  /** After each transaction of the database, and each load: also with no changes, for the state may have changed. */
  readonly onStep: (changes: TableChanges) => void
}

let lastId = 0

export class Follower {
  readonly #options: FollowerOptions
  readonly #id = `patchbay-replica-${++lastId}`
  #stopMonitor: (() => void) | undefined
  #resolved: ResolvedSelection | undefined
  /** The last one that the copy has. */
  #transaction = noTransaction
  state: ReplicaState = 'loading'
  /** Why the copy cannot get in step. */
  failure: Error | undefined

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  get missing(): readonly string[] {
    return this.#resolved?.missing ?? []
  }

  follow(session: Session): void {
    this.failure = undefined
    try {
      this.#resolve(session)
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    const stop = this.#startMonitor(session)
    this.#stopMonitor = stop
    session.closed.then(() => {
      if (this.#stopMonitor === stop) this.#stopMonitor = undefined
      if (this.#stopMonitor === undefined) this.#outOfStep()
    })
  }

  stop(reason: Error): void {
    this.#stopMonitor?.()
    this.#outOfStep()
    this.failure = reason
  }

  /** Where rows look different from before, there is nothing to go on from. */
  #resolve({ schema }: Session): void {
    const { selection, copy } = this.#options
    const resolved = resolveSelection(schema, selection)
    if (resolved.shape !== this.#resolved?.shape) this.#transaction = noTransaction
    this.#resolved = resolved
    copy.resolve(resolved.tables)
  }

  #startMonitor(session: Session): () => void {
    const { tables } = this.#resolved!
    const timeoutMs = this.#options.loadTimeoutMs
    return startMonitor(
      session,
      { id: this.#id, tables, since: this.#transaction, timeoutMs },
      {
        onLoad: (updates, whole, transaction) => this.#load(updates, whole, transaction),
        onUpdates: (updates, transaction) => this.#update(updates, transaction),
        onRefused: (error) => this.#fail(error),
      },
    )
  }

  #load(updates: TableUpdates, whole: boolean, transaction: string): void {
    const { copy } = this.#options
    const changes = this.#attempt(() => (whole ? copy.load(updates) : copy.apply(updates)))
    this.#transaction = transaction
    this.state = 'synced'
    this.#options.onStep(changes)
  }

  #update(updates: TableUpdates, transaction: string | undefined): void {
    const changes = this.#attempt(() => this.#options.copy.apply(updates))
    if (transaction) this.#transaction = transaction
    this.#options.onStep(changes)
  }

  /** What it throws closes the connection, and the next one begins with a whole load. */
  #attempt(apply: () => TableChanges): TableChanges {
    try {
      return apply()
    } catch (error) {
      this.#transaction = noTransaction
      throw error
    }
  }

  #fail(error: Error): void {
    this.failure = error
    this.#options.onStep(new Map())
  }

  #outOfStep(): void {
    if (this.state === 'synced') this.state = 'stale'
  }
}
