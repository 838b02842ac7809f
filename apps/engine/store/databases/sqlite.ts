// The database as a file: Kysely's SQLite dialect over Node's own SQLite. One engine at a time; others may read, for a backup.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { ConfigurationError } from '@patchbay/service/options.ts'
import { CamelCasePlugin, Kysely, SqliteDialect, type SqliteStatement } from 'kysely'
import type { AnySchema } from '../any-schema.ts'
import type { Database } from './database.ts'
import { openWriteAheadLog } from './write-ahead-log.ts'

export async function openSqlite(file: string): Promise<Database> {
  if (file === ':memory:') return openInMemory()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const lock = takeLock(file)
  const writer = kyselyOver(openToWrite(file))
  const reader = openSqliteToRead(file)
  const log = await openWriteAheadLog(file)
  return {
    writer,
    reader,
    flush: log.flush,
    lost: log.lost,
    async close() {
      await Promise.all([reader.destroy(), writer.destroy()])
      await log.close()
      lock.close()
    },
  }
}

/** Also while an engine is at work on it. */
export const openSqliteToRead = (file: string) =>
  kyselyOver(new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly: true }))

function openInMemory(): Database {
  const db = kyselyOver(new DatabaseSync(':memory:'))
  return { writer: db, reader: db, flush: async () => {}, lost: new Promise(() => {}), close: () => db.destroy() }
}

const busyTimeoutMs = 5_000

/** Two engines on one file would each finish what the other does: the second must not start. Gone with the process. */
function takeLock(file: string): DatabaseSync {
  return refuseBusy(file, () => {
    const lock = new DatabaseSync(`${file}.lock`, { timeout: busyTimeoutMs })
    return executed(lock, 'BEGIN EXCLUSIVE')
  })
}

function openToWrite(file: string): DatabaseSync {
  return refuseBusy(file, () => {
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
    // NORMAL: no commit waits for the disk by itself; who needs it there flushes the log.
    return executed(database, 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT')
  })
}

function executed(database: DatabaseSync, sql: string): DatabaseSync {
  try {
    database.exec(sql)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function refuseBusy(file: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open()
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error
    throw new ConfigurationError(
      `${file} is in use by another engine. Stop that one, or choose another file with --database.`,
    )
  }
}

const sqliteBusy = 5

function kyselyOver(database: DatabaseSync): Kysely<AnySchema> {
  // As in PostgreSQL: conditions say themselves where case does not count.
  database.exec('PRAGMA case_sensitive_like = ON')
  const statements = new Map<string, SqliteStatement>()
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = statements.get(sql) ?? prepared(database, sql)
        statements.set(sql, statement)
        return statement
      },
    },
  })
  return new Kysely({ dialect, plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })] })
}

function prepared(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql)
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    // On a full disk SQLite has rolled back by itself, and what it said of that is what matters.
    run: (parameters) =>
      sql === 'rollback' && !database.isTransaction
        ? { changes: 0, lastInsertRowid: 0 }
        : statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  }
}
