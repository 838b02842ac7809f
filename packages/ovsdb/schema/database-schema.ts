// A database's schema, as `get_schema` answers it (RFC 7047 section 3.2, <database-schema>): as much as a client needs.
import { type ColumnType, parseColumnType } from './column-type.ts'

export interface DatabaseSchema {
  readonly name: string
  readonly version: string
  /** Changes with any change of the schema, also where the version was forgotten. */
  readonly cksum: string
  readonly tables: ReadonlyMap<string, TableSchema>
}

export interface TableSchema {
  readonly name: string
  /** Without `_uuid` and `_version`, which every table has. */
  readonly columns: ReadonlyMap<string, ColumnType>
}

/** Throws a TypeError that says where, for what is no schema. */
export function parseSchema(json: unknown): DatabaseSchema {
  const { name, version, cksum, tables } = asObject(json, 'the schema')
  if (typeof name !== 'string') throw new TypeError('The schema has no name.')
  return {
    name,
    version: typeof version === 'string' ? version : '',
    cksum: typeof cksum === 'string' ? cksum : '',
    tables: mapEntries(tables, `tables of ${name}`, parseTable),
  }
}

/** A column's type, also of `_uuid` and `_version`. */
export function columnTypeOf(table: TableSchema, column: string): ColumnType | undefined {
  return table.columns.get(column) ?? (column === '_uuid' || column === '_version' ? uuidType : undefined)
}

const uuidType = parseColumnType('uuid')

function parseTable(json: unknown, name: string): TableSchema {
  const { columns } = asObject(json, `table ${name}`)
  return { name, columns: mapEntries(columns, `columns of ${name}`, (column) => parseColumn(column, name)) }
}

function parseColumn(json: unknown, table: string): ColumnType {
  return parseColumnType(asObject(json, `a column of ${table}`).type)
}

function mapEntries<T>(json: unknown, what: string, parse: (value: unknown, key: string) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(asObject(json, what)).map(([key, value]) => [key, parse(value, key)]))
}

function asObject(json: unknown, what: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TypeError(`Not an object: ${what}.`)
  return json as Record<string, unknown>
}
