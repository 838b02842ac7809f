import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { table } from './table-builder.ts'

export const nicLabels: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'nic_label', ['host_id', 'nic_name', 'label']).execute()
  },
}
