// Which tables, columns and rows a replica copies.
import type { DatabaseSchema } from '../schema/database-schema.ts'
import { encodeWhere, type Where } from '../wire/operations/conditions.ts'
import { RowCodec } from '../wire/values/rows.ts'

/** `'all'` columns, these columns, or these columns of the rows for which `where` holds (Open vSwitch ≥ 2.6). */
export type TableSelection<Row> =
  | 'all'
  | readonly (keyof Row & string)[]
  | { readonly columns?: readonly (keyof Row & string)[]; readonly where?: Where<Row> }

export type Selection<Tables> = { readonly [T in keyof Tables]?: TableSelection<Tables[T]> }

/** The row type that a selection leaves. */
export type SelectedRow<Row, S> = S extends readonly (infer C extends keyof Row)[]
  ? Pick<Row, C | ('_uuid' extends keyof Row ? '_uuid' : never)>
  : S extends { readonly columns: readonly (infer C extends keyof Row)[] }
    ? Pick<Row, C | ('_uuid' extends keyof Row ? '_uuid' : never)>
    : Row

/** A selection as far as one schema has it. */
export interface ResolvedSelection {
  readonly tables: ReadonlyMap<string, ResolvedTable>
  /** What the schema does not have: `Sample`, `ACL.tier`. */
  readonly missing: readonly string[]
  /** Equal for schemas under which the copied rows look the same. */
  readonly shape: string
}

export interface ResolvedTable {
  readonly codec: RowCodec
  /** On the wire; all rows if undefined. */
  readonly where: readonly unknown[] | undefined
}

/** Throws as encodeWhere does, for conditions that the schema cannot fulfil. */
export function resolveSelection(schema: DatabaseSchema, selection: Selection<object>): ResolvedSelection {
  const tables = new Map<string, ResolvedTable>()
  const missing: string[] = []
  const shape: unknown[] = []
  for (const [name, selected] of Object.entries(selection as Selection<Record<string, object>>)) {
    const table = schema.tables.get(name)
    if (!table) {
      missing.push(name)
      continue
    }
    const { columns, where } = partsOf(selected!)
    const codec = new RowCodec(table, columns ?? table.columns.keys())
    tables.set(name, { codec, where: where && encodeWhere(table, where as Where) })
    shape.push([name, codec.columns.map((column) => [column, table.columns.get(column)])])
    missing.push(...(columns ?? []).filter((column) => !isThere(codec, column)).map((column) => `${name}.${column}`))
  }
  return { tables, missing, shape: JSON.stringify(shape) }
}

function partsOf(selected: TableSelection<object>): { columns?: readonly string[]; where?: Where<object> } {
  if (selected === 'all') return {}
  return 'map' in selected ? { columns: selected } : selected
}

function isThere({ columns }: RowCodec, column: string): boolean {
  return column === '_uuid' || columns.includes(column)
}
