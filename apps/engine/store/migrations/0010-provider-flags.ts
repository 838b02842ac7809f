import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const providerFlags: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['auto_sync', 'unmanaged'])
      await db.schema
        .alterTable('provider')
        .addColumn(column, 'integer', (definition) => definition.notNull().defaultTo(0))
        .execute()
  },
}
