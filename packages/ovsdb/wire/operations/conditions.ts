// Which rows an operation or a monitor is about (RFC 7047 section 5.1, <condition>, as ovsdb-server(7) extends it).
import type { TableSchema } from '../../schema/database-schema.ts'
import { encodeColumn } from '../values/columns.ts'
import type { AnyRow } from '../values/rows.ts'

export type ConditionFunction = '<' | '<=' | '==' | '!=' | '>=' | '>' | 'includes' | 'excludes'

/** `['name', '==', 'p1']`; of sets also a single element; true and false for all rows and none. */
export type Condition<Row = AnyRow> =
  | boolean
  | { readonly [C in keyof Row]: readonly [column: C, test: ConditionFunction, value: Operand<Row[C]>] }[keyof Row]

/** All of these hold; all rows if empty. */
export type Where<Row = AnyRow> = readonly Condition<Row>[]

/** What a column's value is compared or changed with. */
export type Operand<Value> = Value | (Value extends readonly (infer Element)[] ? Element : never)

/** Throws as encodeColumn does. */
export function encodeWhere(table: TableSchema, where: Where): unknown[] {
  return where.map((condition) => {
    if (typeof condition === 'boolean') return condition
    const [column, test, value] = condition
    return [column, test, encodeColumn(table, column, value)]
  })
}
