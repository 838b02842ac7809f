import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { table } from './table-builder.ts'

export const hostDuty: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('host')
      .addColumn('duty', 'text', (definition) => definition.notNull().defaultTo('active'))
      .execute()
    await table(db, 'host_capability', ['capabilities']).execute()
  },
}
