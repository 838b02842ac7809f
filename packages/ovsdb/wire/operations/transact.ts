// A transaction on the wire: operations to parameters, and the reply to results (RFC 7047 sections 4.1.3 and 5.2).
import type { DatabaseSchema, TableSchema } from '../../schema/database-schema.ts'
import { readError, unknownTable } from '../errors.ts'
import { decodeColumns, encodeRow, type WireRow } from '../values/rows.ts'
import { encodeWhere } from './conditions.ts'
import { encodeMutations } from './mutations.ts'
import type { Operation, ResultsOf } from './operations.ts'

/** `params` of the request. Throws what the server would: an OvsdbError, or a TypeError for values of a wrong type. */
export function encodeTransaction(schema: DatabaseSchema, operations: readonly Operation[]): unknown[] {
  return [schema.name, ...operations.map((operation) => encodeOperation(schema, operation))]
}

/**
 * One result for each operation. Throws an OvsdbError if one failed, or the commit: then the reply has one element more
 * than there were operations (RFC 7047 section 4.1.3).
 */
export function readResults<Ops extends readonly Operation[]>(
  schema: DatabaseSchema,
  operations: Ops,
  reply: unknown,
): ResultsOf<Ops> {
  if (!Array.isArray(reply)) throw readError({ error: 'internal error', details: 'the reply is no list' })
  const failed = reply.findIndex((element) => element?.error !== undefined)
  if (failed >= 0) throw readError(reply[failed], operations[failed], operations[failed] && failed)
  if (reply.length !== operations.length)
    throw readError({ error: 'internal error', details: `${reply.length} results for ${operations.length} operations` })
  return operations.map((operation, index) => readResult(schema, operation, reply[index])) as unknown as ResultsOf<Ops>
}

function encodeOperation(schema: DatabaseSchema, operation: Operation): unknown {
  if (!('table' in operation)) return operation
  const table = tableOf(schema, operation.table)
  const where = 'where' in operation ? encodeWhere(table, operation.where) : undefined
  switch (operation.op) {
    case 'insert':
      return {
        op: 'insert',
        table: table.name,
        row: encodeRow(table, operation.row),
        'uuid-name': operation.name,
        uuid: operation.uuid,
      }
    case 'update':
      return { op: 'update', table: table.name, where, row: encodeRow(table, operation.row) }
    case 'mutate':
      return { op: 'mutate', table: table.name, where, mutations: encodeMutations(table, operation.mutations) }
    case 'wait': {
      const { columns, until, rows, timeoutMs } = operation
      const encoded = rows.map((row) => encodeRow(table, row))
      return { op: 'wait', table: table.name, where, columns, until, rows: encoded, timeout: timeoutMs }
    }
    case 'select':
      return { op: 'select', table: table.name, where, columns: operation.columns }
    case 'delete':
      return { op: 'delete', table: table.name, where }
  }
}

function readResult(schema: DatabaseSchema, operation: Operation, element: Record<string, unknown>): unknown {
  if (operation.op === 'insert') return { uuid: (element.uuid as [string, string])[1] }
  if (operation.op !== 'select') return element
  const table = tableOf(schema, operation.table)
  return { rows: (element.rows as WireRow[]).map((row) => decodeColumns(table, row)) }
}

function tableOf(schema: DatabaseSchema, name: string): TableSchema {
  const table = schema.tables.get(name)
  if (!table) throw unknownTable(name)
  return table
}
