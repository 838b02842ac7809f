// Queries that are built once: to build one costs more than to run it, and all of a shape differ in their parameters alone.
import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { AnySchema } from './any-schema.ts'

export interface BuiltQueries {
  /**
   * Runs the query of this shape, which `build` makes the first time. `shape`: all that its text depends on; `parameters`:
   * in the order in which it names them.
   */
  rows(
    db: Kysely<AnySchema>,
    shape: string,
    parameters: readonly unknown[],
    build: () => Compilable,
  ): Promise<Record<string, unknown>[]>
}

/** For databases of one kind. */
export function createBuiltQueries(): BuiltQueries {
  const built = new Map<string, CompiledQuery>()
  return {
    async rows(db, shape, parameters, build) {
      const known = built.get(shape)
      const query = known ? { ...known, parameters } : build().compile()
      if (!known) built.set(shape, query)
      return (await db.executeQuery(query)).rows as Record<string, unknown>[]
    },
  }
}
