import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const eventNumbers: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['sequence', 'flood_rate'])
      await db.schema
        .alterTable('event')
        .addColumn(column, 'bigint', (definition) => definition.notNull().defaultTo(0))
        .execute()
    for (const column of ['user_name', 'origin', 'custom_id'])
      await db.schema
        .alterTable('event')
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
        .execute()
    await sql`update event set sequence = rowid`.execute(db)
    await db.schema.createIndex('event_sequence').on('event').column('sequence').execute()
  },
}
