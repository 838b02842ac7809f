// Kysely's SQLite dialect over Node's own SQLite: only the shape of a statement differs.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { ConfigurationError } from '@patchbay/service/options.ts'
import { SqliteDialect } from 'kysely'

export function sqliteDialect(file: string): SqliteDialect {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = openExclusively(file)
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = statements.get(sql) ?? database.prepare(sql)
        statements.set(sql, statement)
        const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...values(parameters)),
          run: (parameters) => statement.run(...values(parameters)),
          iterate: (parameters) => statement.iterate(...values(parameters)),
        }
      },
    },
  })
}

function openExclusively(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  try {
    // FULL: what a workflow recorded is on disk before its next step begins.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA locking_mode = EXCLUSIVE')
    // As in other databases: conditions say themselves where case does not count.
    database.exec('PRAGMA case_sensitive_like = ON')
    // Two engines on one file would each finish what the other does: the second must not start.
    database.exec('BEGIN IMMEDIATE; COMMIT')
    return database
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error
    throw new ConfigurationError(
      `${file} is in use by another engine. Stop that one, or choose another file with --database.`,
    )
  }
}

const sqliteBusy = 5
