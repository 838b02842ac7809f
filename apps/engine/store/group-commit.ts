// Transactions, one after the other. Those that arrive while the disk is busy share the next commit: each is a savepoint
// of it, so that one that fails takes back only itself.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { CompiledQuery, type Kysely } from 'kysely'
import type { AnySchema } from './any-schema.ts'
import type { RowChange } from './changes.ts'

/** `changed` takes down what the work changes. */
export type Work<Result> = (db: Kysely<AnySchema>, changed: RowChange[]) => Promise<Result>
export type Transact = <Result>(work: Work<Result>) => Promise<Result>

interface Job {
  readonly work: Work<unknown>
  readonly changed: RowChange[]
  /** Called after the commit. */
  done(result: unknown): void
  failed(error: unknown): void
}

const mostAtOnce = 64

const savepoint = CompiledQuery.raw('savepoint one')
const rollBack = CompiledQuery.raw('rollback to savepoint one')
const release = CompiledQuery.raw('release savepoint one')

/** `tell` hears what each transaction changed, once it is committed. */
export function createGroupCommit(db: Kysely<AnySchema>, tell: (changes: readonly RowChange[]) => void): Transact {
  const waiting: Job[] = []
  let isBusy = false

  async function commitAll(): Promise<void> {
    isBusy = true
    while (waiting.length > 0) {
      // A turn of the event loop, and another while more comes in each: what came while the last commit held it up goes together.
      for (let before = 0; before < waiting.length && waiting.length < mostAtOnce; ) {
        before = waiting.length
        await setImmediate()
      }
      await commit(db, waiting.splice(0, mostAtOnce))
    }
    isBusy = false
  }

  return (work) =>
    new Promise((resolve, reject) => {
      const changed: RowChange[] = []
      const done = (result: unknown) => {
        tell(changed)
        resolve(result as Awaited<ReturnType<typeof work>>)
      }
      // Whoever began the commit, each is done as its own request: with its user and its correlation id.
      waiting.push({ work: AsyncLocalStorage.bind(work), changed, done, failed: reject })
      if (!isBusy) void commitAll()
    })
}

async function commit(db: Kysely<AnySchema>, jobs: readonly Job[]): Promise<void> {
  const [only] = jobs
  try {
    if (jobs.length === 1)
      return only!.done(await db.transaction().execute((transaction) => only!.work(transaction, only!.changed)))
    const outcomes = await db.transaction().execute((transaction) => workOff(transaction, jobs))
    for (const tell of outcomes) tell()
  } catch (error) {
    for (const { failed } of jobs) failed(error)
  }
}

async function workOff(db: Kysely<AnySchema>, jobs: readonly Job[]): Promise<(() => void)[]> {
  const outcomes: (() => void)[] = []
  for (const { work, changed, done, failed } of jobs) {
    await db.executeQuery(savepoint)
    try {
      const result = await work(db, changed)
      await db.executeQuery(release)
      outcomes.push(() => done(result))
    } catch (error) {
      // Where the savepoint is gone, so is the transaction: nobody's work is done then.
      await db.executeQuery(rollBack).catch(() => Promise.reject(error))
      await db.executeQuery(release)
      outcomes.push(() => failed(error))
    }
  }
  return outcomes
}
