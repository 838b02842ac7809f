// What operations make of rows, without a database: for tests of the mapping alone.
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'

export type TestRow = Record<string, any> & { readonly _uuid: string; readonly external_ids: Record<string, string> }

/** The row that an insert of this table makes, with the defaults of the columns that mapping looks at. */
export function inserted(operations: readonly Operation[], table: string): TestRow {
  const insert = operations.find((operation) => operation.op === 'insert' && operation.table === table) as any
  const defaults = { options: {}, other_config: {}, external_ids: {}, type: '', tag: null, up: null, enabled: null }
  return { ...defaults, dynamic_addresses: null, ...insert.row, _uuid: insert.uuid ?? insert.name }
}

/** The row after updates and mutations of maps. */
export function changed(row: TestRow, operations: readonly Operation[]): TestRow {
  const after = structuredClone(row) as any
  for (const operation of operations as any[]) {
    if (operation.op === 'update') Object.assign(after, operation.row)
    for (const [column, mutator, value] of operation.mutations ?? [])
      if (mutator === 'insert') after[column] = { ...value, ...after[column] }
      else for (const key of value) delete after[column][key]
  }
  return after
}
