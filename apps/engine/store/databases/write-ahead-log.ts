// The log that SQLite appends commits to, brought to disk beside the event loop: SQLite itself would hold up everything for it.
import { open } from 'node:fs/promises'

export interface WriteAheadLog {
  /** As of a Database. */
  flush(): Promise<void>
  readonly lost: Promise<Error>
  close(): Promise<void>
}

/**
 * Of a database that is open in WAL mode, so that the log is there and stays. A commit is whole in it or not at all, and those
 * before it are whole too: what a power failure leaves is what was committed up to some moment after the last flush.
 */
export async function openWriteAheadLog(file: string): Promise<WriteAheadLog> {
  const log = await open(`${file}-wal`, 'r+')
  const lost = Promise.withResolvers<Error>()
  let failure: Error | undefined
  return {
    lost: lost.promise,
    async flush() {
      // Once only: the system forgets what it could not write, and would say that all is well.
      if (failure) throw failure
      await log.datasync().catch((error) => {
        failure = error as Error
        lost.resolve(failure)
        throw failure
      })
    },
    close: () => log.close(),
  }
}
