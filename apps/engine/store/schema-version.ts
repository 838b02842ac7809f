// Brings a database to the newest version, or to an earlier one; a database of a newer engine is left alone.
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { AnySchema } from './any-schema.ts'
import { migrations } from './migrations.ts'

/** `steps`: names of migrations; all, if none are named. Throws a ConfigurationError when one is not known here. */
export async function migrate(
  db: Kysely<AnySchema>,
  steps: readonly string[] = Object.keys(migrations),
): Promise<void> {
  refuseUnknown([...(await stepsOf(db)), ...steps])
  const wanted = Object.fromEntries(Object.entries(migrations).filter(([name]) => steps.includes(name)))
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => wanted },
    // Steps are numbered by area: a later one may come before those that are there.
    allowUnorderedMigrations: true,
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Throws a ConfigurationError when this engine does not have all of these steps. */
export function refuseUnknown(steps: readonly string[]): void {
  const unknown = steps.filter((name) => !(name in migrations))
  if (unknown.length === 0) return
  throw new ConfigurationError(
    `The database was changed by a newer engine (${unknown.join(', ')}): use that one, or restore a backup from before.`,
  )
}

/** The names of the steps that the database has behind it. */
export async function stepsOf(db: Kysely<AnySchema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const rows = await db.selectFrom('kysely_migration').select('name').orderBy('name').execute()
  return rows.map(({ name }) => String(name))
}

/** Names of the tables, without those that say which steps were made. */
export async function tablesIn(db: Kysely<AnySchema>): Promise<string[]> {
  const tables = await db.introspection.getTables()
  return tables.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'))
}

/** Removes all tables. */
export async function emptySchema(db: Kysely<AnySchema>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  for (const { name } of tables) await db.schema.dropTable(name).execute()
}
