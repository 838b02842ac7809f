// Writes that arrive together become one transaction of the northbound database. One transaction at a time: the next one
// begins with what the last one left. Others who write are noticed by the guards, and then the changes are made again.
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { UnseenTransactionError } from '@patchbay/ovsdb/cache/unseen-transaction.ts'
import { UncertainOutcomeError } from '@patchbay/ovsdb/session/uncertain-outcome.ts'
import { ConnectionError } from '@patchbay/ovsdb/transport/connection-error.ts'
import { OvsdbError } from '@patchbay/ovsdb/wire/errors.ts'
import type { Transaction } from '../../backend.ts'
import type { UndoLog } from '../../memory/undo-log.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { Northbound } from '../northbound.ts'
import { createRecorder, type Effects, merge, noEffects, type Recorder } from './effects.ts'
import { haveLanded } from './landed.ts'
import { operationsOf } from './operations.ts'

export interface CommitQueue {
  /** Runs `change` in the next transaction; resolves with its result once that is committed and the mirror shows it. */
  write<Result>(change: (transaction: Transaction) => Result): Promise<Result>
}

interface Waiting {
  readonly change: (transaction: Transaction) => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  readonly since: number
}

/** What changes did when they were made, and how to tell their callers that it took place. */
interface Attempt {
  readonly effects: Effects
  /** In every row that it writes. */
  readonly mark: string
  readonly settle: () => void
}

const maxWaiting = 10_000
/** Of one transaction: more would keep the others waiting. */
const maxTogether = 256
/** The longest pause after an attempt that another provider spoilt, which writes as much as it can. */
const longestPauseMs = 50

export function createCommitQueue(northbound: Northbound, mirror: Mirror): CommitQueue {
  const { replica, times } = northbound
  let waiting: Waiting[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxTogether)
      waiting = waiting.slice(maxTogether)
      const [late, timely] = partition(group, ({ since }) => performance.now() - since > times.writeMs)
      for (const { reject } of late) reject(unavailable(new Error('its turn did not come in time')))
      if (timely.length > 0) await commit(timely)
    }
    isRunning = false
  }

  /** Settles all of the group. */
  async function commit(group: readonly Waiting[]): Promise<void> {
    const deadline = performance.now() + times.writeMs
    const attempts: Attempt[] = []
    try {
      do {
        // Of an old state nothing follows, not even that a change is to be refused.
        if (replica.state !== 'synced')
          await replica.whenSynced({ timeoutMs: Math.max(1, deadline - performance.now()) })
        if (mirror.failure) throw mirror.failure
        const attempt = attemptAll(mirror, group)
        attempts.push(attempt)
        if (await send(attempt, attempts, deadline)) return
        await delay(Math.random() * Math.min(attempts.length * 5, longestPauseMs))
      } while (performance.now() < deadline)
      throw new Error('others change the same networks all the time')
    } catch (error) {
      // One of them may be to blame, and the others not.
      if (error instanceof OvsdbError && group.length > 1) for (const entry of group) await commit([entry])
      else for (const { reject } of group) reject(unavailable(error))
    }
  }

  /** Settles, or answers false when somebody else was faster: the mirror shows what they did by then. */
  async function send({ effects, mark, settle }: Attempt, attempts: readonly Attempt[], deadline: number) {
    const timeoutMs = () => Math.max(1, deadline - performance.now())
    try {
      const operations = operationsOf(effects, mirror.tables, northbound, mark)
      if (operations.length > 0) await replica.transactAndWait(operations, { timeoutMs: timeoutMs() })
      settle()
      return true
    } catch (error) {
      if (error instanceof UnseenTransactionError) {
        settle()
        return true
      }
      // A server that does not answer may yet do it: to make it again would be to make it twice.
      const isOpen = error instanceof UncertainOutcomeError && !isTimeout(error)
      if (!isOpen && !(error instanceof OvsdbError)) throw error
      await replica.whenSynced({ timeoutMs: timeoutMs() })
      // Also after a refusal: a server that lost its leadership may have tried twice.
      const landed = attempts.find((attempt) => haveLanded(attempt.effects, attempt.mark, northbound))
      landed?.settle()
      if (landed || isOpen || isCollision(error)) return landed !== undefined
      throw error
    }
  }

  return {
    write(change) {
      if (waiting.length >= maxWaiting) return Promise.reject(unavailable(new Error('too many writes are waiting')))
      return new Promise((resolve, reject) => {
        waiting.push({ change, resolve: resolve as (result: unknown) => void, reject, since: performance.now() })
        if (!isRunning) {
          isRunning = true
          setImmediate(run)
        }
      })
    },
  }
}

/** Makes the changes one after the other in the mirror, notes what they did, and takes all of it back. */
function attemptAll({ undoLog, tables }: Mirror, group: readonly Waiting[]): Attempt {
  const effects = noEffects()
  const recorder = createRecorder(tables)
  const outcomes = undoLog.tried(() => group.map((entry) => attempt(undoLog, recorder, entry, effects)))
  return {
    effects,
    mark: randomBytes(9).toString('base64'),
    settle: () => outcomes.forEach((settle) => void settle()),
  }
}

/** Answers what to tell the caller after the commit. */
function attempt(
  undoLog: UndoLog,
  recorder: Recorder,
  { change, resolve, reject }: Waiting,
  effects: Effects,
): () => void {
  try {
    const result = undoLog.wholeOrNot(() => change(recorder.transaction))
    merge(effects, recorder.take())
    return () => resolve(result)
  } catch (error) {
    // They were taken back.
    recorder.take()
    return () => reject(error)
  }
}

/** Guards fail with the first kind; the second is for two who make the same unique row, as the group that drops. */
const isCollision = (error: unknown) =>
  error instanceof OvsdbError && ['timed out', 'constraint violation'].includes(error.kind)

/** The connection is still there, and what was sent may be waiting at its other end. */
const isTimeout = ({ reason }: UncertainOutcomeError) =>
  reason instanceof ConnectionError && reason.failure === 'timeout'

function partition<One>(list: readonly One[], test: (one: One) => boolean): [One[], One[]] {
  return [list.filter(test), list.filter((one) => !test(one))]
}

const unavailable = (error: unknown) =>
  error instanceof NetworkingError
    ? error
    : new NetworkingError('ServiceUnavailable', {
        reason: `The northbound database did not take the change: ${(error as Error).message}`,
      })
