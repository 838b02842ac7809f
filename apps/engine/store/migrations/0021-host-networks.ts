import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { table } from './table-builder.ts'

export const hostNetworks: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'host_network', ['host_id', 'vdsm_name']).execute()
    await db.schema.createIndex('host_network_host_id').on('host_network').column('host_id').execute()
  },
}
