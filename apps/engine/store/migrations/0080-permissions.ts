import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { required, table } from './table-builder.ts'

export const permissions: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'local_user', [
      ...['principal', 'user_name', 'first_name', 'last_name', 'email', 'department', 'password_hash'],
    ])
      .addColumn('enabled', 'integer', required)
      .execute()
    await db.schema.createIndex('local_user_user_name').unique().on('local_user').column('user_name').execute()
    await table(db, 'own_role', ['name', 'description', 'permits'])
      .addColumn('administrative', 'integer', required)
      .execute()
    await db.schema.createIndex('own_role_name').unique().on('own_role').column('name').execute()
    await table(db, 'permission', ['role_id', 'principal_id', 'object_type', 'object_id']).execute()
    const once = ['object_id', 'principal_id', 'role_id']
    await db.schema.createIndex('permission_once').unique().on('permission').columns(once).execute()
    await db.schema.createIndex('permission_principal_id').on('permission').column('principal_id').execute()
    // As in every installation of oVirt: everyone may make VMs from the template Blank (the role UserTemplateBasedVm).
    await sql`insert into permission (id, role_id, principal_id, object_type, object_id) values
      ('00000004-0004-0004-0004-000000000355', 'def00009-0000-0000-0000-def000000009',
       'eee00000-0000-0000-0000-123456789eee', 'template', '00000000-0000-0000-0000-000000000000')`.execute(db)
    await db.schema
      .alterTable('workflow')
      .addColumn('user_name', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
  },
}
