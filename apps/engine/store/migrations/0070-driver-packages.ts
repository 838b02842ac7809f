import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { required, table } from './table-builder.ts'

export const driverPackages: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'driver_package', ['name', 'version', 'plugin_types', 'digest', 'signer'])
      .addColumn('size', 'integer', required)
      .execute()
    await db.schema
      .createIndex('driver_package_name_version')
      .on('driver_package')
      .columns(['name', 'version'])
      .unique()
      .execute()
    await table(db, 'driver_package_content', ['content']).execute()
    await table(db, 'provider_driver', ['package_id', 'options']).execute()
    await table(db, 'driver_deployment', [
      'host_id',
      'package_id',
      'name',
      'version',
      'digest',
      'options',
      'status',
      'detail',
    ])
      .addColumn('progress', 'integer', required)
      .execute()
    await db.schema.createIndex('driver_deployment_host_id').on('driver_deployment').column('host_id').execute()
  },
}
