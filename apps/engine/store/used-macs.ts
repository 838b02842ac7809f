// Which addresses vNICs have: looked up in their order, so that a free one is found without trying all.
import type { Kysely } from 'kysely'
import type { AnySchema } from './any-schema.ts'
import type { BuiltQueries } from './built-queries.ts'

export interface UsedMacs {
  /** The first of those between the two ends, both included, each once; at most `limit`. */
  between(first: string, last: string, limit: number): Promise<string[]>
}

export const createUsedMacs = (db: Kysely<AnySchema>, queries: BuiltQueries): UsedMacs => ({
  async between(first, last, limit) {
    const build = () =>
      db
        .selectFrom('nic')
        .select('mac')
        .distinct()
        .where('mac', '>=', first)
        .where('mac', '<=', last)
        .orderBy('mac')
        .limit(limit)
    const rows = await queries.rows(db, 'used macs', [first, last, limit], build)
    return rows.map(({ mac }) => mac as string)
  },
})
