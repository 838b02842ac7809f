import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { required, table } from './table-builder.ts'

export const wholeLoop: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'data_center', ['name', 'description']).execute()
    await table(db, 'cluster', ['name', 'description', 'data_center_id', 'switch_type']).execute()
    await table(db, 'host', ['name', 'address', 'cluster_id', 'status', 'status_detail'])
      .addColumn('port', 'integer', required)
      .execute()
    await table(db, 'host_binding', ['host_id', 'plugin_type', 'binding_host_id']).execute()
    const provider = [
      'name',
      'description',
      'type',
      'url',
      'username',
      'sealed_password',
      'authentication_url',
      'tenant_name',
      'plugin_type',
      'properties',
    ]
    await table(db, 'provider', provider)
      .addColumn('requires_authentication', 'integer', required)
      .addColumn('read_only', 'integer', required)
      .execute()
    await table(db, 'network', ['name', 'description', 'data_center_id', 'provider_id', 'external_id', 'vdsm_name'])
      .addColumn('mtu', 'integer', required)
      .execute()
    await table(db, 'network_cluster', ['network_id', 'cluster_id']).execute()
    await table(db, 'vnic_profile', ['name', 'description', 'network_id', 'custom_properties']).execute()
    await table(db, 'vm', [
      'name',
      'description',
      'cluster_id',
      'status',
      'status_detail',
      'host_id',
      'custom_properties',
    ])
      .addColumn('memory', 'bigint', required)
      .execute()
    await table(db, 'nic', ['vm_id', 'name', 'mac', 'model', 'profile_id'])
      .addColumn('linked', 'integer', required)
      .addColumn('plugged', 'integer', required)
      .addColumn('has_port', 'integer', required)
      .execute()
    await table(db, 'workflow', ['kind', 'state', 'direction', 'error', 'correlation_id', 'created_at'])
      .addColumn('step', 'integer', required)
      .execute()
    await table(db, 'event', ['severity', 'time', 'description', 'correlation_id'])
      .addColumn('code', 'integer', required)
      .execute()
    await indexes(db)
  },
}

async function indexes(db: Kysely<unknown>): Promise<void> {
  const unique = [
    'data_center(name)',
    'cluster(name)',
    'host(name)',
    'provider(name)',
    'vm(name)',
    'nic(mac)',
    'network(data_center_id,name)',
    'network(data_center_id,provider_id,external_id)',
    'vnic_profile(network_id,name)',
  ]
  const plain = [
    'cluster(data_center_id)',
    'host(cluster_id)',
    'host_binding(host_id)',
    'network(provider_id)',
    'network_cluster(network_id)',
    'network_cluster(cluster_id)',
    'vm(cluster_id)',
    'vm(host_id)',
    'nic(vm_id)',
    'nic(profile_id)',
  ]
  for (const [kind, all] of [
    ['unique', unique],
    ['plain', plain],
  ] as const) {
    for (const spec of all) {
      const [name, columns] = spec.split(/[()]/) as [string, string]
      const builder = db.schema
        .createIndex(`${name}_${columns.replaceAll(',', '_')}`)
        .on(name)
        .columns(columns.split(','))
      await (kind === 'unique' ? builder.unique() : builder).execute()
    }
  }
}
