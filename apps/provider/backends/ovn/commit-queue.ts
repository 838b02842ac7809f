// Writes that arrive together become one transaction of the northbound database. One transaction at a time: the next one
// begins with what the last one left. Others who write are noticed by the guards, and then the changes are made again.
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { UnseenTransactionError } from '@patchbay/ovsdb/cache/unseen-transaction.ts'
import { UncertainOutcomeError } from '@patchbay/ovsdb/session/uncertain-outcome.ts'
import { OvsdbError } from '@patchbay/ovsdb/wire/errors.ts'
import type { Transaction } from '../backend.ts'
import { type Effects, haveLanded, merge, noEffects, operationsOf, recorded } from './effects.ts'
import type { Mirror } from './mirror.ts'
import type { Northbound } from './northbound.ts'

export interface CommitQueue {
  /** Runs `change` in the next transaction; resolves with its result once that is committed and the mirror shows it. */
  write<Result>(change: (transaction: Transaction) => Result): Promise<Result>
}

interface Waiting {
  readonly change: (transaction: Transaction) => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

const maxWaiting = 10_000
/** Of one transaction: more would keep the others waiting. */
const maxTogether = 256
/** Another provider that writes as much as it can wins some of these. */
const mostAttempts = 20
const resyncTimeoutMs = 10_000

export function createCommitQueue(northbound: Northbound, mirror: Mirror): CommitQueue {
  const { replica } = northbound
  let waiting: Waiting[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxTogether)
      waiting = waiting.slice(maxTogether)
      await commit(group)
    }
    isRunning = false
  }

  /** Settles all of the group. */
  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      for (let attempt = 1; ; attempt++) {
        const { effects, settle } = attemptAll(mirror, group)
        if (await send(effects)) return settle()
        if (attempt === mostAttempts) throw new Error('others change the same networks all the time')
        await delay(Math.random() * attempt * 5)
      }
    } catch (error) {
      // One of them may be to blame, and the others not.
      if (error instanceof OvsdbError && group.length > 1) for (const entry of group) await commit([entry])
      else for (const { reject } of group) reject(unavailable(error))
    }
  }

  /** False when somebody else was faster: the mirror shows what they did by then. */
  async function send(effects: Effects): Promise<boolean> {
    const operations = operationsOf(effects, mirror.tables, northbound)
    if (operations.length === 0) return true
    try {
      await replica.transactAndWait(operations)
      return true
    } catch (error) {
      if (error instanceof UnseenTransactionError) return true
      const isGuard = error instanceof OvsdbError && error.kind === 'timed out'
      if (!isGuard && !(error instanceof UncertainOutcomeError)) throw error
      await replica.whenSynced({ timeoutMs: resyncTimeoutMs })
      // Also after a guard: a server that lost its leadership may have tried twice.
      return haveLanded(effects, mirror.tables)
    }
  }

  return {
    write(change) {
      if (waiting.length >= maxWaiting) return Promise.reject(unavailable(new Error('too many writes are waiting')))
      return new Promise((resolve, reject) => {
        waiting.push({ change, resolve: resolve as (result: unknown) => void, reject })
        if (!isRunning) {
          isRunning = true
          setImmediate(run)
        }
      })
    },
  }
}

/** Makes the changes one after the other in the mirror, notes what they did, and takes all of it back. */
function attemptAll({ database, tables }: Mirror, group: readonly Waiting[]): { effects: Effects; settle: () => void } {
  const effects = noEffects()
  database.exec('BEGIN')
  try {
    const outcomes = group.map((entry) => attempt(database, tables, entry, effects))
    return { effects, settle: () => outcomes.forEach((settle) => void settle()) }
  } finally {
    database.exec('ROLLBACK')
  }
}

/** Answers what to tell the caller after the commit. */
function attempt(
  database: DatabaseSync,
  tables: Transaction,
  { change, resolve, reject }: Waiting,
  effects: Effects,
): () => void {
  const own = noEffects()
  database.exec('SAVEPOINT change')
  try {
    const result = change(recorded(tables, own))
    merge(effects, own)
    return () => resolve(result)
  } catch (error) {
    database.exec('ROLLBACK TO change')
    return () => reject(error)
  } finally {
    database.exec('RELEASE change')
  }
}

const unavailable = (error: unknown) =>
  error instanceof NetworkingError
    ? error
    : new NetworkingError('ServiceUnavailable', {
        reason: `The northbound database did not take the change: ${(error as Error).message}`,
      })
