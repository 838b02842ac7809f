// What changed in the northbound database, as the mirror takes it over: in the order of age, and where ports came to.
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import type { Change } from '@patchbay/ovsdb/cache/table-copy.ts'
import type { Northbound, SwitchPortRow, SwitchRow } from '../northbound.ts'
import { ageOf } from '../rows/age.ts'

/** Ports that came to a switch → the switch. Whatever else a row says, that is where the port is. */
export function homesOf(
  switchChanges: readonly Change<SwitchRow>[],
  portChanges: readonly Change<SwitchPortRow>[],
): Map<string, string> {
  const inserted = portChanges.flatMap(({ kind, uuid }) => (kind === 'insert' ? [uuid] : []))
  const deleted = portChanges.flatMap(({ kind, uuid }) => (kind === 'delete' ? [uuid] : []))
  const homes = new Map<string, string>()
  for (const { uuid, before, row } of switchChanges)
    if (row && row.ports !== before?.ports)
      for (const port of arrivals(row.ports, before?.ports ?? [], inserted, deleted)) homes.set(port, uuid)
  return homes
}

/**
 * Mostly, ports come when they are made and go when they are removed. Where that explains how many there are, nobody
 * looks at all of them; else a port was moved, and is found by comparing.
 */
function arrivals(
  list: readonly string[],
  old: readonly string[],
  inserted: readonly string[],
  deleted: readonly string[],
): readonly string[] {
  if (inserted.length + deleted.length > list.length / few) return newIn(list, old)
  const came = inserted.filter((port) => isIn(list, port))
  const went = deleted.filter((port) => isIn(old, port))
  return list.length - old.length === came.length - went.length ? came : newIn(list, old)
}

/** So much smaller must a change be to be cheaper than a comparison. */
const few = 16

/** The list is in order. */
function isIn(list: readonly string[], one: string): boolean {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (list[middle]! < one) low = middle + 1
    else high = middle
  }
  return list[low] === one
}

/** Both are in order. */
function newIn(list: readonly string[], old: readonly string[]): string[] {
  const found: string[] = []
  let at = 0
  for (const one of list) {
    // Mostly, all but one are the same.
    if (old[at] !== one) while (at < old.length && old[at]! < one) at++
    if (old[at] === one) at++
    else found.push(one)
  }
  return found
}

/** All rows, as if they had come just now. */
export function everything({ replica, tableNames }: Northbound): TableChanges {
  const changes = tableNames.map((name) => {
    const rows = replica.table(name).rows() as Iterable<{ readonly _uuid: string }>
    return [name, Array.from(rows, (row) => ({ kind: 'insert', uuid: row._uuid, before: undefined, row }))]
  })
  return new Map(changes as never) as unknown as TableChanges
}

/** Of one table, the oldest rows first. */
export function changesOf<Row extends { readonly external_ids: Readonly<Record<string, string>> }>(
  changes: TableChanges,
  table: string,
): readonly Change<Row>[] {
  const found = (changes.get(table) ?? []) as unknown as readonly Change<Row>[]
  if (found.length < 2) return found
  const ages = found.map(({ row }) => (row ? ageOf(row.external_ids) : ''))
  const order = Uint32Array.from(ages.keys())
  order.sort((a, b) => (ages[a]! < ages[b]! ? -1 : ages[a]! > ages[b]! ? 1 : a - b))
  return Array.from(order, (index) => found[index]!)
}
