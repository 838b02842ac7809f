// How migrations write tables down.
import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'

export const required = (column: ColumnDefinitionBuilder) => column.notNull()

/** With an id, and columns of text. */
export function table(db: Kysely<unknown>, name: string, texts: readonly string[]): CreateTableBuilder<string, string> {
  const builder = db.schema.createTable(name).addColumn('id', 'text', (column) => column.primaryKey())
  return texts.reduce(
    (made, column) => made.addColumn(column, 'text', required),
    builder as CreateTableBuilder<string, string>,
  )
}
