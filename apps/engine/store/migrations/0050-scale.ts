import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How many VMs each host of a cluster has is asked at every start; old events are looked for by their time. */
export const scale: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex('vm_cluster_id_host_id').on('vm').columns(['cluster_id', 'host_id']).execute()
    await db.schema.createIndex('event_time').on('event').column('time').execute()
  },
}
