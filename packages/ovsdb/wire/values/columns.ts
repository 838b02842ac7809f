// Values of named columns to the wire, with errors that say which column it was.
import type { ColumnType } from '../../schema/column-type.ts'
import { columnTypeOf, type TableSchema } from '../../schema/database-schema.ts'
import { unknownColumn } from '../errors.ts'
import { codecOf } from './values.ts'

/**
 * Throws an OvsdbError for a column that the server does not have, a TypeError for a value that the column cannot hold.
 * `encode`: what else may stand for such a column.
 */
export function encodeColumn(
  table: TableSchema,
  column: string,
  value: unknown,
  encode = (type: ColumnType, operand: unknown) => codecOf(type).encode(operand),
): unknown {
  const type = columnTypeOf(table, column)
  if (!type) throw unknownColumn(table.name, column)
  try {
    return encode(type, value)
  } catch (error) {
    throw new TypeError(`${table.name}.${column}: ${(error as Error).message}`)
  }
}
