import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { required, table } from './table-builder.ts'

export const portsMade: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'port_made', ['nic_id', 'provider_id', 'nic_name'])
      .addColumn('missing_since', 'bigint', required)
      .execute()
    await db.schema.createIndex('port_made_provider_id').on('port_made').column('provider_id').execute()
    // The ports there are already were made by nobody else.
    await sql`insert into port_made (id, nic_id, provider_id, nic_name, missing_since)
      select nic.id || '@' || network.provider_id, nic.id, network.provider_id, nic.name, 0
      from nic join vnic_profile on vnic_profile.id = nic.profile_id join network on network.id = vnic_profile.network_id
      where nic.has_port = 1 and network.provider_id <> ''`.execute(db)
  },
}
