import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What networks, clusters and vNIC profiles have besides: rows from before are external VM networks with nothing of it. */
export const networks: Migration = {
  async up(db: Kysely<unknown>) {
    const text = (table: string, column: string, preset = '') => add(db, table, column, 'text', preset)
    const flag = (table: string, column: string, preset = 0) => add(db, table, column, 'integer', preset)
    for (const table of ['data_center', 'cluster', 'host', 'network', 'vnic_profile']) await text(table, 'comment')
    await text('cluster', 'default_provider_id')
    await flag('host', 'reinstallation_required')
    await text('network', 'physical_network_id')
    await text('network', 'label')
    await text('network', 'dns_servers', '[]')
    await flag('network', 'vm_network', 1)
    await flag('network', 'stp')
    await flag('network', 'port_isolation')
    await db.schema.alterTable('network').addColumn('vlan_id', 'integer').execute()
    for (const role of ['required', 'display', 'migration', 'management', 'default_route', 'gluster'])
      await flag('network_cluster', role)
    for (const column of ['port_mirroring', 'pass_through', 'migratable', 'public_use'])
      await flag('vnic_profile', column)
    await text('vnic_profile', 'network_filter_id')
    await text('vnic_profile', 'failover_id')
    await indexes(db)
  },
}

async function add(
  db: Kysely<unknown>,
  table: string,
  column: string,
  type: 'text' | 'integer',
  preset: string | number,
) {
  await db.schema
    .alterTable(table)
    .addColumn(column, type, (definition) => definition.notNull().defaultTo(preset))
    .execute()
}

async function indexes(db: Kysely<unknown>): Promise<void> {
  // Networks of the engine's own have no provider: they are not the same one.
  const external = 'network_data_center_id_provider_id_external_id'
  await db.schema.dropIndex(external).execute()
  await db.schema
    .createIndex(external)
    .unique()
    .on('network')
    .columns(['data_center_id', 'provider_id', 'external_id'])
    .where(sql.ref('provider_id'), '<>', sql.lit(''))
    .execute()
  for (const [table, column] of [
    ['network', 'physical_network_id'],
    ['network', 'vdsm_name'],
    ['cluster', 'default_provider_id'],
    ['vnic_profile', 'failover_id'],
  ] as const)
    await db.schema.createIndex(`${table}_${column}`).on(table).column(column).execute()
}
