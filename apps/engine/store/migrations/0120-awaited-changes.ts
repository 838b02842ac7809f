import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What a host has yet to be told of an attachment. */
export const awaitedChanges: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('network_attachment')
      .addColumn('awaits', 'text', (definition) => definition.notNull().defaultTo(''))
      .execute()
  },
}
