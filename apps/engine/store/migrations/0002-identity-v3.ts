import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const identityV3: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['user_domain_name', 'project_name', 'project_domain_name'])
      await db.schema
        .alterTable('provider')
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
        .execute()
  },
}
