// Makes a backup of a database, as it is at one moment, while an engine is at work on it.
import { type Kysely, PostgresAdapter } from 'kysely'
import type { AnySchema } from '../store/any-schema.ts'
import { openToRead } from '../store/databases/open-database.ts'
import { stepsOf, tablesIn } from '../store/schema-version.ts'
import { type BackedUpRow, type SealedFiles, writeBackup } from './backup-file.ts'

const rowsAtOnce = 1_000

/** Answers how many rows were written. */
export async function backUp(database: string, file: string, files?: SealedFiles): Promise<number> {
  const db = openToRead(database)
  try {
    return await snapshotOf(db).execute(async (snapshot) => {
      const head = {
        format: 'patchbay-engine-backup',
        at: new Date().toISOString(),
        steps: await stepsOf(snapshot),
      } as const
      return writeBackup(file, { ...head, ...(files && { files }) }, rowsOf(snapshot))
    })
  } finally {
    await db.destroy()
  }
}

/** A transaction of SQLite sees one moment by itself. */
function snapshotOf(db: Kysely<AnySchema>) {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter
  return isPostgres ? db.transaction().setIsolationLevel('repeatable read') : db.transaction()
}

async function* rowsOf(db: Kysely<AnySchema>): AsyncGenerator<BackedUpRow> {
  for (const table of await tablesIn(db))
    for (let last: unknown = 0, more = true; more; ) {
      const query = db.selectFrom(table).selectAll().select('rowid').where('rowid', '>', last)
      const rows = await query.orderBy('rowid').limit(rowsAtOnce).execute()
      for (const { rowid, ...row } of rows) {
        last = rowid
        yield { table, row }
      }
      more = rows.length === rowsAtOnce
    }
}
