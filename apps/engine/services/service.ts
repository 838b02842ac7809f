// What services of plain resources have in common.
import { Fault } from '../faults.ts'
import type { Entity, RowQuery, Table } from '../store/table.ts'
import { existing } from './names.ts'

export interface ServiceOf<Row, Request> {
  list(wanted: RowQuery): Promise<Row[]>
  get(id: string): Promise<Row>
  add(request: Request): Promise<Row>
  remove(id: string): Promise<void>
}

export function reading<Row extends Entity>(table: Table<Row>, what: string) {
  return { list: (wanted: RowQuery) => table.select(wanted), get: (id: string) => existing(table, what, id) }
}

export function refuseUsed(action: string, what: string, users: readonly { readonly name: string }[]): void {
  if (users.length > 0)
    throw new Fault('ACTION_TYPE_FAILED_IN_USE', {
      action,
      users: users.map(({ name }) => `${what} ${name}`).join(', '),
    })
}
