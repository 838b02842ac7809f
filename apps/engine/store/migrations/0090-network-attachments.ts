import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { table } from './table-builder.ts'

export const networkAttachments: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'network_attachment', [
      'host_id',
      'network_id',
      'nic_name',
      'ip_assignments',
      'name_servers',
      'properties',
    ]).execute()
    await db.schema
      .createIndex('network_attachment_host_id_network_id')
      .on('network_attachment')
      .columns(['host_id', 'network_id'])
      .unique()
      .execute()
  },
}
