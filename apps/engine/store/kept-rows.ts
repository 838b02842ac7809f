// A table whose rows are read all the time and seldom change: those that were asked for by id are kept in memory until a
// transaction has changed them. The engine alone writes its database, so that what is kept is what is committed.
import type { Changes } from './changes.ts'
import type { Entity, Table } from './table.ts'

/** Of a table; the one that was read first is forgotten beyond this. */
const mostKept = 10_000

export function keepingRows<Row extends Entity>(table: Table<Row>, changes: Pick<Changes, 'listen'>): Table<Row> {
  const kept = new Map<string, Row>()
  let changedTimes = 0
  changes.listen((changed) => {
    for (const { table: name, id } of changed) {
      if (name !== table.name) continue
      kept.delete(id)
      changedTimes++
    }
  })

  /** What was read while something changed may be what it was before. */
  function keep(rows: Iterable<Row>, isCurrent: boolean): void {
    if (!isCurrent) return
    for (const row of rows) kept.set(row.id, Object.freeze(row))
    for (const id of kept.keys()) {
      if (kept.size <= mostKept) return
      kept.delete(id)
    }
  }

  return {
    ...table,
    async get(id) {
      const known = kept.get(id)
      if (known) return known
      const before = changedTimes
      const row = await table.get(id)
      if (row) keep([row], changedTimes === before)
      return row
    },
    async getAll(ids) {
      const wanted = [...new Set(ids)]
      const unknown = wanted.filter((id) => !kept.has(id))
      const found = new Map(wanted.flatMap((id) => kept.get(id) ?? []).map((row) => [row.id, row]))
      if (unknown.length === 0) return found
      const before = changedTimes
      const read = await table.getAll(unknown)
      keep(read.values(), changedTimes === before)
      return new Map([...found, ...read])
    },
  }
}
