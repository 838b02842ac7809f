import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { required, table } from './table-builder.ts'

export const hostCertificates: Migration = {
  async up(db: Kysely<unknown>) {
    await table(db, 'enrolment_token', ['host_id', 'certificate_id']).addColumn('expires', 'bigint', required).execute()
    await table(db, 'host_certificate', ['host_id', 'pem', 'public_key'])
      .addColumn('not_after', 'bigint', required)
      .addColumn('revoked_at', 'bigint', required)
      .execute()
  },
}
