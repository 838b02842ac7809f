// Transactions, one after the other. Those that arrive while the disk is busy share the next commit: each is a savepoint
// of it, so that one that fails takes back only itself.
import { type Kysely, sql } from 'kysely'
import type { AnySchema } from './table.ts'

export type Transact = <Result>(work: (db: Kysely<AnySchema>) => Promise<Result>) => Promise<Result>

interface Job {
  work(db: Kysely<AnySchema>): Promise<unknown>
  /** Called after the commit. */
  done(result: unknown): void
  failed(error: unknown): void
}

const mostAtOnce = 64

export function createGroupCommit(db: Kysely<AnySchema>): Transact {
  const waiting: Job[] = []
  let isBusy = false

  async function commitAll(): Promise<void> {
    isBusy = true
    // What arrives in the same turn goes together.
    await Promise.resolve()
    while (waiting.length > 0) await commit(db, waiting.splice(0, mostAtOnce))
    isBusy = false
  }

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, done: (result) => resolve(result as Awaited<ReturnType<typeof work>>), failed: reject })
      if (!isBusy) void commitAll()
    })
}

async function commit(db: Kysely<AnySchema>, jobs: readonly Job[]): Promise<void> {
  const [only] = jobs
  try {
    if (jobs.length === 1) return only!.done(await db.transaction().execute((transaction) => only!.work(transaction)))
    const outcomes = await db.transaction().execute((transaction) => workOff(transaction, jobs))
    for (const tell of outcomes) tell()
  } catch (error) {
    for (const { failed } of jobs) failed(error)
  }
}

async function workOff(db: Kysely<AnySchema>, jobs: readonly Job[]): Promise<(() => void)[]> {
  const outcomes: (() => void)[] = []
  for (const { work, done, failed } of jobs) {
    await sql`savepoint one`.execute(db)
    try {
      const result = await work(db)
      await sql`release savepoint one`.execute(db)
      outcomes.push(() => done(result))
    } catch (error) {
      await sql`rollback to savepoint one`.execute(db)
      await sql`release savepoint one`.execute(db)
      outcomes.push(() => failed(error))
    }
  }
  return outcomes
}
