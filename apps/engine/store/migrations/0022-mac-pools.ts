import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { required, table } from './table-builder.ts'

/** The id that the default pool has in every installation of oVirt. */
const defaultPoolId = '58ca604b-017d-0374-0220-00000000014e'

export const macPools: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'mac_pool', ['name', 'description', 'comment', 'ranges'])
      .addColumn('allow_duplicates', 'integer', required)
      .addColumn('default_pool', 'integer', required)
      .execute()
    await db.schema.createIndex('mac_pool_name').unique().on('mac_pool').column('name').execute()
    // A part of oVirt's prefix of its own, so that two engines on one network rarely choose the same.
    const part = ['56', '6f', ...randomBytes(2).toString('hex').match(/../g)!].join(':')
    const ranges = JSON.stringify([{ from: `${part}:00:00`, to: `${part}:ff:ff` }])
    await sql`insert into mac_pool (id, name, description, comment, ranges, allow_duplicates, default_pool)
      values (${defaultPoolId}, 'Default', 'Default MAC pool', '', ${ranges}, 0, 1)`.execute(db)
    await db.schema
      .alterTable('cluster')
      .addColumn('mac_pool_id', 'text', (definition) => definition.notNull().defaultTo(defaultPoolId))
      .execute()
    await db.schema.createIndex('cluster_mac_pool_id').on('cluster').column('mac_pool_id').execute()
    // Pools can allow an address more than once.
    await db.schema.dropIndex('nic_mac').execute()
    await db.schema.createIndex('nic_mac').on('nic').column('mac').execute()
  },
}
