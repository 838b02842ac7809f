import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const nicUpdates: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('nic')
      .addColumn('wired_as', 'text', (definition) => definition.notNull().defaultTo(''))
      .execute()
  },
}
