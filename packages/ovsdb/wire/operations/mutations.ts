// Changes relative to what a row holds (RFC 7047 section 5.1, <mutation>).
import type { ColumnType } from '../../schema/column-type.ts'
import type { TableSchema } from '../../schema/database-schema.ts'
import { encodeAtom } from '../values/atoms.ts'
import { encodeColumn } from '../values/columns.ts'
import { encodeKeys } from '../values/maps.ts'
import type { AnyRow } from '../values/rows.ts'
import { codecOf } from '../values/values.ts'
import type { Operand } from './conditions.ts'

export type Mutator = '+=' | '-=' | '*=' | '/=' | '%=' | 'insert' | 'delete'

/**
 * `['nb_cfg', '+=', 1]`; of sets `['ports', 'insert', uuid]` or an array; of maps `['options', 'insert', { mtu: '1400' }]`,
 * which leaves keys that are there as they are, and `['options', 'delete', ['mtu']]`, or a record of pairs to delete.
 */
export type Mutation<Row = AnyRow> = {
  readonly [C in keyof Row]: readonly [column: C, mutator: Mutator, value: Operand<Row[C]> | readonly string[]]
}[keyof Row]

/** Throws as encodeColumn does. */
export function encodeMutations(table: TableSchema, mutations: readonly Mutation[]): unknown[] {
  return mutations.map(([column, mutator, value]) => {
    const encode = (type: ColumnType, operand: unknown) => encodeOperand(type, mutator, operand)
    return [column, mutator, encodeColumn(table, column, value, encode)]
  })
}

function encodeOperand(type: ColumnType, mutator: Mutator, value: unknown): unknown {
  if (mutator !== 'insert' && mutator !== 'delete') return encodeAtom(type.key.type, value)
  if (type.kind === 'map' && Array.isArray(value)) return encodeKeys(type.key.type, value)
  return codecOf(type).encode(value)
}
