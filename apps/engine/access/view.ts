// What of a collection somebody sees who does not see everything: as a condition on rows, and picked from rows.
import type { Condition } from '../store/condition.ts'
import type { Tables } from '../store/store.ts'
import { type NamedKind, objectTables } from './objects.ts'
import type { Rights } from './rights.ts'
import type { Shown } from './rules/rule.ts'
import { visibleRows } from './visibility.ts'

export interface View {
  readonly where: Condition
  among<Row extends { readonly id: string }>(rows: readonly Row[]): Promise<Row[]>
}

/** undefined: everything. */
export function viewFor(tables: Tables, rights: Rights, shows: Shown): View | undefined {
  if (rights.seesEverything) return undefined
  if (shows === 'event') return ownRows('userName', rights.name)
  if (shows === 'job') return ownRows('owner', rights.name)
  if (shows === 'user')
    return rights.mayAnywhere('add_users_and_groups_from_directory') ? undefined : ownRows('id', rights.userId)
  const where = visibleRows(shows, rights)
  return where && { where, among: async (rows) => visibleAmong(tables, shows, where, rows) }
}

/** Those with the value in the column. */
function ownRows(column: string, value: string): View {
  return {
    where: { path: { hops: [], column }, comparison: { operator: '=', value } },
    among: async (rows) => rows.filter((row) => (row as Readonly<Record<string, unknown>>)[column] === value),
  }
}

async function visibleAmong<Row extends { readonly id: string }>(
  tables: Tables,
  kind: NamedKind,
  where: Condition,
  rows: readonly Row[],
): Promise<Row[]> {
  const seen = new Set<string>()
  const ids = rows.map(({ id }) => id)
  for (let at = 0; at < ids.length; at += batchSize) {
    const some = ids.slice(at, at + batchSize).map((value) => ({
      ...{ path: { hops: [], column: 'id' } },
      comparison: { operator: '=', value } as const,
    }))
    const found: readonly { readonly id: string }[] = await tables[objectTables[kind][0]].select({
      where: { every: [{ some }, where] },
    })
    for (const { id } of found) seen.add(id)
  }
  return rows.filter(({ id }) => seen.has(id))
}

/** Databases bound the terms of a statement. */
const batchSize = 200
