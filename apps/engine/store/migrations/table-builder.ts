// How migrations write tables down.
import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, PostgresAdapter } from 'kysely'

export const required = (column: ColumnDefinitionBuilder) => column.notNull()

/** With an id, columns of text, and `rowid`: the order in which rows were added. */
export function table(db: Kysely<unknown>, name: string, texts: readonly string[]): CreateTableBuilder<string, string> {
  const builder = db.schema.createTable(name).addColumn('id', 'text', (column) => column.primaryKey())
  return texts.reduce(
    (made, column) => made.addColumn(column, 'text', required),
    ordered(db, builder as CreateTableBuilder<string, string>),
  )
}

/** SQLite has that column by itself. */
function ordered(db: Kysely<unknown>, builder: CreateTableBuilder<string, string>): CreateTableBuilder<string, string> {
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return builder
  return builder.addColumn('rowid', 'bigint', (column) => column.generatedByDefaultAsIdentity().unique())
}
