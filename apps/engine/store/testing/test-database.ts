// Where engines and stores of tests keep their state: a file, unless PostgreSQL was chosen for the test file, in code or by
// the variable PATCHBAY_TEST_DATABASE=postgres.
import { join } from 'node:path'
import { testPostgres } from './test-postgres.ts'

let kind = process.env.PATCHBAY_TEST_DATABASE ?? 'sqlite'

export function chooseTestDatabase(chosen: 'sqlite' | 'postgres'): void {
  kind = chosen
}

const made = new Map<string, Promise<string>>()

/** The URL of the database that belongs to this folder of a test; empty at first. */
export async function testDatabase(dir: string): Promise<string> {
  if (kind !== 'postgres') return `sqlite:${join(dir, 'engine.sqlite')}`
  const url = made.get(dir) ?? testPostgres().then((postgres) => postgres.createDatabase())
  made.set(dir, url)
  return url
}

/** As fast as can be: in memory, where that is possible. */
export async function briefTestDatabase(): Promise<string> {
  return kind === 'postgres' ? (await testPostgres()).createDatabase() : 'sqlite::memory:'
}
