// What of a row is ours: whole columns, and keys in maps that others may write to as well. And the operations between two.
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { ageKey, nextAge } from './age.ts'

export interface Image {
  readonly columns: Readonly<Record<string, unknown>>
  /** Column → its keys that are ours. */
  readonly maps: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export function insertion(table: string, uuid: string, { columns, maps }: Image, more: object = {}): Operation {
  const external_ids = { ...maps.external_ids, [ageKey]: nextAge() }
  return { op: 'insert', table, uuid, row: { ...columns, ...maps, external_ids, ...more } }
}

/** The key that says which transaction wrote a row last. */
const writeKey = 'patchbay_write'

/** The same operation, with the mark of its transaction in the row, if it writes external ids. */
export function marked(operation: Operation, mark: string): Operation {
  if (operation.op === 'insert') {
    const { row } = operation as { row: { external_ids?: Record<string, string> } }
    return { ...operation, row: { ...row, external_ids: { ...row.external_ids, [writeKey]: mark } } } as Operation
  }
  if (operation.op !== 'mutate') return operation
  const mutations = operation.mutations as readonly (readonly [string, string, unknown])[]
  const written = mutations.find(([column, mutator]) => column === 'external_ids' && mutator === 'insert')
  if (!written) return operation
  const own = [
    ['external_ids', 'delete', [writeKey]],
    ['external_ids', 'insert', { ...(written[2] as object), [writeKey]: mark }],
  ]
  const others = mutations.filter((mutation) => mutation !== written)
  return { ...operation, mutations: [...others, ...own] } as unknown as Operation
}

/** Of the transaction that wrote a row last. */
export const markOf = (row: { readonly external_ids: Readonly<Record<string, string>> } | undefined) =>
  row?.external_ids[writeKey]

/** Only what differs; none when nothing does. */
export function modification(table: string, uuid: string, before: Image, after: Image): Operation[] {
  const where = [['_uuid', '==', uuid]] as const
  const row: Record<string, unknown> = {}
  for (const column in after.columns)
    if (!same(after.columns[column], before.columns[column])) row[column] = after.columns[column]
  const mutations = Object.entries(after.maps).flatMap(([column, keys]) =>
    mutationsBetween(column, before.maps[column] ?? {}, keys),
  )
  return [
    ...(Object.keys(row).length > 0 ? [{ op: 'update', table, where, row } as Operation] : []),
    ...(mutations.length > 0 ? [{ op: 'mutate', table, where, mutations } as unknown as Operation] : []),
  ]
}

/** An insert leaves keys that are there as they are, so that what changes is deleted first. */
function mutationsBetween(column: string, before: Record<string, string>, after: Record<string, string>) {
  const gone = Object.keys(before).filter((key) => before[key] !== after[key])
  const come = Object.entries(after).filter(([key, value]) => before[key] !== value)
  return [
    ...(gone.length > 0 ? [[column, 'delete', gone]] : []),
    ...(come.length > 0 ? [[column, 'insert', Object.fromEntries(come)]] : []),
  ]
}

const same = (a: unknown, b: unknown) =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
