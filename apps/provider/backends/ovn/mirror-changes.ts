// What changed in the northbound database, as the mirror takes it over: in the order of age, and where ports came to.
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import type { Change } from '@patchbay/ovsdb/cache/table-copy.ts'
import { ageOf } from './age.ts'
import type { Northbound, SwitchRow } from './northbound.ts'

/** Ports that came to a switch → the switch. Whatever else a row says, that is where the port is. */
export function homesOf(switchChanges: readonly Change<SwitchRow>[]): Map<string, string> {
  const homes = new Map<string, string>()
  for (const { uuid, before, row } of switchChanges)
    if (row && row.ports !== before?.ports)
      for (const port of newIn(row.ports, before?.ports ?? [])) homes.set(port, uuid)
  return homes
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
  const aged = found.map((change) => ({ change, age: change.row ? ageOf(change.row.external_ids) : '' }))
  return aged.sort((a, b) => (a.age < b.age ? -1 : a.age > b.age ? 1 : 0)).map(({ change }) => change)
}
