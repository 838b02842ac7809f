import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const eventLinks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const kind of ['vm', 'host', 'cluster', 'data_center', 'template'])
      for (const column of [`${kind}_id`, `${kind}_name`])
        await db.schema
          .alterTable('event')
          .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
          .execute()
  },
}
