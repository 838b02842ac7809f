// Transactions, one after the other. Those that arrive while the disk is busy share the next commit: each is a savepoint
// of it, so that one that fails takes back only itself.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { CompiledQuery, type Kysely } from 'kysely'
import type { AnySchema } from './any-schema.ts'
import type { RowChange } from './changes.ts'
import type { Database } from './databases/database.ts'

/** `changed` takes down what the work changes. */
export type Work<Result> = (db: Kysely<AnySchema>, changed: RowChange[]) => Promise<Result>
export type Transact = <Result>(work: Work<Result>) => Promise<Result>

interface Job {
  readonly work: Work<unknown>
  readonly changed: RowChange[]
  /** Called when the commit is on disk. */
  done(result: unknown): void
  failed(error: unknown): void
}

const mostAtOnce = 64

const savepoint = CompiledQuery.raw('savepoint one')
const rollBack = CompiledQuery.raw('rollback to savepoint one')
const release = CompiledQuery.raw('release savepoint one')

/** `tell` hears what each transaction changed, once that is on disk: so what a workflow recorded is, before its next step begins. */
export function createGroupCommit(
  database: Pick<Database, 'writer' | 'flush'>,
  tell: (changes: readonly RowChange[]) => void,
): Transact {
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
      await commit(database, waiting.splice(0, mostAtOnce))
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

async function commit({ writer, flush }: Pick<Database, 'writer' | 'flush'>, jobs: readonly Job[]): Promise<void> {
  const [only, ...others] = jobs
  try {
    const work = (db: Kysely<AnySchema>) => (others.length === 0 ? workAlone(db, only!) : workOff(db, jobs))
    const outcomes = await writer.transaction().execute(work)
    await flush()
    for (const tell of outcomes) tell()
  } catch (error) {
    for (const { failed } of jobs) failed(error)
  }
}

async function workAlone(db: Kysely<AnySchema>, { work, changed, done }: Job): Promise<(() => void)[]> {
  const result = await work(db, changed)
  return [() => done(result)]
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
