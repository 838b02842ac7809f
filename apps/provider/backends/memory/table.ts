// One kind of resource in memory.
import type { Writer } from '../backend.ts'
import { createEntryReader, type Entry } from './entries.ts'
import type { UndoLog } from './undo-log.ts'
import { createValueIndex } from './value-index.ts'

export interface MemoryTable<Row> extends Writer<Row> {
  clear(): void
}

/** A row as it is kept, and as it is read. */
interface Version<Row> {
  readonly entry: Entry
  readonly row: Row
}

export function createTable<Row extends { readonly id: string }>(
  indexes: readonly (keyof Row & string)[],
  undoLog: UndoLog,
): MemoryTable<Row> {
  const entries = new Map<string, Entry>()
  const byValue = new Map(indexes.map((attribute) => [attribute as string, createValueIndex()]))
  const rowOf = createEntryReader<Row>()
  let nextSequence = 0

  /** Undefined: away with it. */
  function replace(id: string, row: Row | undefined, sequence: number): void {
    const known = entries.get(id)
    const before = known && { entry: known, row: rowOf(known) }
    const after = row && { entry: { sequence, body: JSON.stringify(row), row: undefined }, row }
    exchange(id, before, after)
    undoLog.note(() => exchange(id, after, before))
  }

  function exchange(id: string, before: Version<Row> | undefined, after: Version<Row> | undefined): void {
    for (const [attribute, index] of byValue) {
      const [old, now] = [valueIn(before?.row, attribute), valueIn(after?.row, attribute)]
      if (old === now) continue
      if (old !== undefined) index.delete(old, id)
      if (now !== undefined) index.add(now, id)
    }
    if (after) entries.set(id, after.entry)
    else entries.delete(id)
  }

  function entriesWith(attribute: string, value: string): Entry[] {
    return byAge(Array.from(byValue.get(attribute)!.ids(value), (id) => entries.get(id)!))
  }

  return {
    indexes,
    get(id) {
      const entry = entries.get(id)
      return entry && rowOf(entry)
    },
    find: (attribute, value) => entriesWith(attribute, value).map(rowOf),
    has: (attribute, value) => byValue.get(attribute)!.count(value) > 0,
    count: (attribute, value) => byValue.get(attribute)!.count(value),
    *all() {
      for (const entry of byAge([...entries.values()])) yield JSON.parse(entry.body) as Row
    },
    texts: (attribute, value = '') =>
      (attribute === undefined ? byAge([...entries.values()]) : entriesWith(attribute, value)).map(({ body }) => body),
    insert(row) {
      if (entries.has(row.id)) throw new Error(`there are two rows with the id ${row.id}`)
      replace(row.id, row, nextSequence++)
    },
    update(row) {
      const known = entries.get(row.id)
      if (known) replace(row.id, row, known.sequence)
    },
    remove(id) {
      const known = entries.get(id)
      if (known) replace(id, undefined, known.sequence)
    },
    clear() {
      entries.clear()
      for (const attribute of indexes) byValue.set(attribute, createValueIndex())
    },
  }
}

/** They mostly are in order already, which such a sort is quick to see. */
const byAge = (entries: Entry[]) => entries.sort((a, b) => a.sequence - b.sequence)

function valueIn(row: object | undefined, attribute: string): string | undefined {
  return row && String((row as Record<string, unknown>)[attribute] ?? '')
}
