// Rows between the wire and JavaScript: frozen objects that have every chosen column, in the same order.
import { columnTypeOf, type TableSchema } from '../../schema/database-schema.ts'
import { encodeColumn } from './columns.ts'
import { equalSets } from './sets.ts'
import { codecOf, type OvsdbValue, type ValueCodec } from './values.ts'

export interface Row {
  readonly _uuid: string
  readonly [column: string]: OvsdbValue | undefined
}

/** A row whose table is not known to the compiler. */
export type AnyRow = Readonly<Record<string, OvsdbValue>>

/** Of a client that was given a database's name alone. */
export type AnyTables = Readonly<Record<string, AnyRow>>

/** <row> of RFC 7047 section 5.1: column → value. */
export type WireRow = Readonly<Record<string, unknown>>

export class RowCodec {
  readonly columns: readonly string[]
  readonly #codecs: ReadonlyMap<string, ValueCodec>
  /** Copies of one object share its hidden class: 100,000 rows take one layout, and reading them one path. */
  readonly #unset: Record<string, OvsdbValue>

  /** Columns that the table does not have are left out. */
  constructor(table: TableSchema, columns: Iterable<string>) {
    this.#codecs = new Map(
      [...columns].flatMap((column) => {
        const type = column === '_uuid' ? undefined : columnTypeOf(table, column)
        return type ? [[column, codecOf(type)] as const] : []
      }),
    )
    this.columns = [...this.#codecs.keys()]
    const defaults = [...this.#codecs].map(([column, codec]) => [column, codec.default])
    this.#unset = Object.fromEntries([['_uuid', ''], ...defaults])
  }

  /** Columns that are not mentioned have their default, as in `initial` and `insert` of update2. */
  decode(uuid: string, wire: WireRow): Row {
    const row: MutableRow = { ...this.#unset, _uuid: uuid }
    for (const column in wire) {
      const codec = this.#codecs.get(column)
      if (codec) row[column] = sameIn(row, uuid, codec.decode(wire[column]))
    }
    return Object.freeze(row)
  }

  /** The row after a `modify` of update2. */
  change(before: Row, wire: WireRow): Row {
    const row: MutableRow = { ...before }
    for (const column in wire) {
      const codec = this.#codecs.get(column)
      if (codec) row[column] = codec.change(before[column]!, wire[column])
    }
    return Object.freeze(row)
  }

  /** Whether a row, maybe of an earlier schema, is the same as one of this codec. */
  equal(earlier: Row, row: Row): boolean {
    for (const [column, codec] of this.#codecs) {
      const value = earlier[column]
      if (value === undefined || !codec.equal(value, row[column]!)) return false
    }
    return Object.keys(earlier).length === this.columns.length + 1
  }
}

/**
 * Rows repeat themselves: a name that is the uuid, a port that may send from the addresses it has. What is equal is kept
 * once: some 180 bytes less for each port.
 */
function sameIn(row: Row, uuid: string, value: OvsdbValue): OvsdbValue {
  if (value === uuid) return uuid
  if (!Array.isArray(value) || value.length === 0) return value
  for (const column in row) {
    const other = row[column]
    if (Array.isArray(other) && equalSets(other, value)) return other
  }
  return value
}

type MutableRow = { -readonly [C in keyof Row]: Row[C] }

/** Of a `select`: the columns that there are, but for `_version`. */
export function decodeColumns(table: TableSchema, wire: WireRow): AnyRow {
  const columns = Object.entries(wire).flatMap(([column, value]) => {
    const type = column === '_version' ? undefined : columnTypeOf(table, column)
    return type ? [[column, codecOf(type).decode(value)] as const] : []
  })
  return Object.freeze(Object.fromEntries(columns))
}

/** Of an operation: the columns that are mentioned, but for undefined ones. */
export function encodeRow(table: TableSchema, row: object): Record<string, unknown> {
  const wire: Record<string, unknown> = {}
  for (const [column, value] of Object.entries(row)) {
    if (value === undefined) continue
    wire[column] = encodeColumn(table, column, value)
  }
  return wire
}
