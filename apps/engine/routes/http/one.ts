import { Fault } from '../../faults.ts'

/** The row with this id, of a collection that is listed whole. Throws NOT_FOUND. */
export function one<Row extends { readonly id: string }>(rows: readonly Row[], what: string, id: string): Row {
  const row = rows.find((each) => each.id === id)
  if (!row) throw new Fault('NOT_FOUND', { what, id })
  return row
}
