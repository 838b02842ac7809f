// Which database a URL means.
import type { Claim, Database } from './database.ts'
import { openPostgres, openPostgresToRead } from './postgres.ts'
import { openSqlite, openSqliteToRead } from './sqlite.ts'

/** The file of `sqlite:FILE`; undefined for another database. */
export const sqliteFileOf = (url: string) => /^sqlite:(.+)$/.exec(url)?.[1]

export const isPostgres = (url: string) => /^postgres(ql)?:\/\/./.test(url)

/** To work on it, alone. */
export async function openDatabase(url: string, claim: Claim): Promise<Database> {
  const file = sqliteFileOf(url)
  return file === undefined ? openPostgres(url, claim) : openSqlite(file)
}

/** To read it, also while an engine is at work on it. */
export function openToRead(url: string) {
  const file = sqliteFileOf(url)
  return file === undefined ? openPostgresToRead(url) : openSqliteToRead(file)
}
