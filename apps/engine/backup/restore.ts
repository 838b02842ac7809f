// Writes a backup into a database that no engine works on, and brings it to the newest version.
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { Kysely } from 'kysely'
import type { AnySchema } from '../store/any-schema.ts'
import { openDatabase } from '../store/databases/open-database.ts'
import { emptySchema, migrate, refuseUnknown, tablesIn } from '../store/schema-version.ts'
import { type BackedUpRow, readBackup } from './backup-file.ts'

/**
 * Answers how many rows came. `replace`: what is in the database goes. Throws a ConfigurationError, with nothing changed, when
 * there is something in it and it must not go, when an engine is at work on it, or when the backup is cut short or of a newer
 * engine.
 */
export async function restore(database: string, file: string, replace: boolean): Promise<number> {
  const { head, rows } = await readBackup(file)
  refuseUnknown(head.steps)
  await readThrough(rows)
  const opened = await openDatabase(database, { name: 'patchbay engine restore' })
  const { writer: db } = opened
  try {
    if (!replace && (await tablesIn(db)).length > 0)
      throw new ConfigurationError('The database is not empty. With --replace, what is in it is removed first.')
    await emptySchema(db)
    await migrate(db, head.steps)
    const again = await readBackup(file)
    const count = await db.transaction().execute((transaction) => insertAll(transaction, again.rows))
    await migrate(db)
    await opened.flush()
    return count
  } finally {
    await opened.close()
  }
}

async function readThrough(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

async function insertAll(db: Kysely<AnySchema>, rows: AsyncIterable<BackedUpRow>): Promise<number> {
  // Migrations may have put rows of their own there.
  for (const table of await tablesIn(db)) await db.deleteFrom(table).execute()
  let count = 0
  for await (const { table, row } of rows) {
    await db.insertInto(table).values(row).execute()
    count++
  }
  return count
}
