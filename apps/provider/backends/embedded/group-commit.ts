// Writes that arrive together share one commit: each is its own savepoint, all wait for the same fsync.
import type { DatabaseSync } from 'node:sqlite'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'

export interface GroupCommit {
  /** Runs `change` in the next commit; resolves with its result once that is on disk. */
  write<Result>(change: () => Result): Promise<Result>
}

const maxWaiting = 10_000

export function createGroupCommit(database: DatabaseSync): GroupCommit {
  const savepoint = createSavepoint(database)
  let waiting: Waiting[] = []

  function commitWaiting(): void {
    const group = waiting
    waiting = []
    try {
      database.exec('BEGIN IMMEDIATE')
      const outcomes = group.map((entry) => attempt(savepoint, entry))
      database.exec('COMMIT')
      for (const settle of outcomes) settle()
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      for (const { reject } of group) reject(unavailable(error))
    }
  }

  return {
    write(change) {
      if (waiting.length >= maxWaiting) return Promise.reject(unavailable(new Error('too many writes are waiting')))
      return new Promise((resolve, reject) => {
        if (waiting.push({ change, resolve: resolve as (result: unknown) => void, reject }) === 1)
          setImmediate(commitWaiting)
      })
    },
  }
}

interface Waiting {
  change: () => unknown
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/** Runs one change in its savepoint; answers what to tell its caller after the commit. */
function attempt(savepoint: Savepoint, { change, resolve, reject }: Waiting): () => void {
  savepoint.begin.run()
  try {
    const result = change()
    savepoint.keep.run()
    return () => resolve(result)
  } catch (error) {
    savepoint.undo.run()
    savepoint.keep.run()
    return () => reject(error)
  }
}

type Savepoint = ReturnType<typeof createSavepoint>

const createSavepoint = (database: DatabaseSync) => ({
  begin: database.prepare('SAVEPOINT change'),
  keep: database.prepare('RELEASE change'),
  undo: database.prepare('ROLLBACK TO change'),
})

const unavailable = (error: unknown) =>
  new NetworkingError('ServiceUnavailable', { reason: `The state could not be written: ${(error as Error).message}` })
