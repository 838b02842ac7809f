// Brings a database to the newest version, or to an earlier one; a database of a newer engine is left alone.
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import type { AnySchema } from './table.ts'

/** `step`: the name of a migration; the newest if none is named. Throws a ConfigurationError when the database is newer. */
export async function migrate(db: Kysely<AnySchema>, step?: string): Promise<void> {
  const unknown = (await stepsOf(db)).filter((name) => !(name in migrations))
  if (unknown.length > 0)
    throw new ConfigurationError(
      `The database was changed by a newer engine (${unknown.join(', ')}): use that one, or restore a backup from before.`,
    )
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    // Steps are numbered by area: a later one may come before those that are there.
    allowUnorderedMigrations: true,
  })
  const { error } = step === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(step)
  if (error) throw error
}

/** The names of the steps that the database has behind it. */
export async function stepsOf(db: Kysely<AnySchema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const rows = await db.selectFrom('kysely_migration').select('name').orderBy('name').execute()
  return rows.map(({ name }) => String(name))
}
