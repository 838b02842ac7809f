import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const vmStates: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['comment', 'saved_state', 'saved_on'])
      await db.schema
        .alterTable('vm')
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
        .execute()
  },
}
