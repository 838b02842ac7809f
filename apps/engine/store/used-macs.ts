// Which addresses vNICs have: looked up in their order, so that a free one is found without trying all.
import type { Kysely } from 'kysely'
import type { AnySchema } from './any-schema.ts'

export interface UsedMacs {
  /** The first of those between the two ends, both included, each once; at most `limit`. */
  between(first: string, last: string, limit: number): Promise<string[]>
}

export const createUsedMacs = (db: Kysely<AnySchema>): UsedMacs => ({
  async between(first, last, limit) {
    const rows = await db
      .selectFrom('nic')
      .select('mac')
      .distinct()
      .where('mac', '>=', first)
      .where('mac', '<=', last)
      .orderBy('mac')
      .limit(limit)
      .execute()
    return rows.map(({ mac }) => mac as string)
  },
})
