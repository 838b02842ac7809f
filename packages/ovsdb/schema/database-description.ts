// A database as it was when its row types were generated: ties these types to a client, and says what a program expects.
import type { DatabaseSchema } from './database-schema.ts'

export interface DatabaseDescription<Tables extends object = object> {
  readonly name: string
  readonly version: string
  /** Table → names of its columns. */
  readonly columns: Readonly<Record<string, readonly string[]>>
  /** Never there: it carries the types, table → row. */
  readonly rows?: Tables
}

/** What a server with an older schema lacks: tables as `Sample`, columns as `ACL.sample_new`. */
export function missingIn(schema: DatabaseSchema, description: DatabaseDescription): readonly string[] {
  return Object.entries(description.columns).flatMap(([table, names]) => {
    const found = schema.tables.get(table)
    return found ? names.filter((name) => !found.columns.has(name)).map((name) => `${table}.${name}`) : [table]
  })
}
