import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const filterParameters: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('nic')
      .addColumn('filter_parameters', 'text', (definition) => definition.notNull().defaultTo('[]'))
      .execute()
  },
}
