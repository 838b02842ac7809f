import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { required, table } from './table-builder.ts'

/** Which every VM is made from that says nothing else. */
const blank = '00000000-0000-0000-0000-000000000000'

export const templatesAndSnapshots: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('vm')
      .addColumn('template_id', 'text', (definition) => definition.notNull().defaultTo(blank))
      .execute()
    await table(db, 'template', ['name', 'description', 'comment', 'cluster_id', 'custom_properties'])
      .addColumn('memory', 'bigint', required)
      .addColumn('creation_time', 'text', required)
      .execute()
    await table(db, 'template_nic', ['template_id', 'name', 'model', 'profile_id'])
      .addColumn('linked', 'integer', required)
      .addColumn('plugged', 'integer', required)
      .execute()
    await table(db, 'snapshot', ['vm_id', 'description', 'type', 'status', 'creation_time', 'configuration']).execute()
    for (const [name, column] of [
      ['vm', 'template_id'],
      ['template_nic', 'template_id'],
      ['template_nic', 'profile_id'],
      ['snapshot', 'vm_id'],
    ] as const)
      await db.schema.createIndex(`${name}_${column}`).on(name).column(column).execute()
    await db.schema.createIndex('template_name').unique().on('template').column('name').execute()
    await (db as Kysely<Record<string, Record<string, unknown>>>)
      .insertInto('template')
      .values({
        ...{ id: blank, name: 'Blank', description: 'Blank template', comment: '', cluster_id: '' },
        ...{ custom_properties: '{}', memory: 1024 ** 3, creation_time: '2008-04-01T00:00:00.000Z' },
      })
      .execute()
  },
}
