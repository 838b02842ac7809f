// The rows of a replica, and how they get from one state of the database to the next: as a whole, or not at all.
import { eachUpdate, type TableUpdates, updateRow } from '../wire/stream/row-updates.ts'
import type { Row, RowCodec } from '../wire/values/rows.ts'
import type { ResolvedTable } from './selection.ts'
import { type Change, changeOf, TableCopy } from './table-copy.ts'

/** Table → what changed in it, for those in which something did. */
export type TableChanges = ReadonlyMap<string, readonly Change<Row>[]>

export class Copy {
  readonly #tables: ReadonlyMap<string, TableCopy>
  #resolved: ReadonlyMap<string, ResolvedTable> = new Map()

  constructor(tables: Iterable<string>, onError: (error: unknown) => void) {
    this.#tables = new Map(Array.from(tables, (name) => [name, new TableCopy(onError)]))
  }

  table(name: string): TableCopy | undefined {
    return this.#tables.get(name)
  }

  /** How rows are read from now on. After a change, the next thing has to be a load. */
  resolve(tables: ReadonlyMap<string, ResolvedTable>): void {
    this.#resolved = tables
  }

  /** Throws an OutOfStepError, with nothing changed. */
  apply(updates: TableUpdates): TableChanges {
    const changes = new Map<string, readonly Change<Row>[]>()
    for (const name in updates) {
      const table = this.#tables.get(name)
      const codec = this.#resolved.get(name)?.codec
      if (table && codec) add(changes, name, changesOf(table, codec, updates[name]!))
    }
    return this.#commit(changes)
  }

  /** All rows that there are. Those that are as before stay the same objects, and are no changes. */
  load(updates: TableUpdates): TableChanges {
    const changes = new Map<string, readonly Change<Row>[]>()
    for (const [name, table] of this.#tables) {
      const codec = this.#resolved.get(name)?.codec
      const gone = new Map(Array.from(table.rows(), (row) => [row._uuid, row]))
      const others = codec ? changesOf(table, codec, updates[name] ?? {}, (uuid) => gone.delete(uuid)) : []
      const deletions = Array.from(gone.values(), (before) => changeOf(before._uuid, before, undefined)!)
      add(changes, name, deletions.length > 0 ? [...deletions, ...others] : others)
    }
    return this.#commit(changes)
  }

  #commit(changes: TableChanges): TableChanges {
    for (const [name, found] of changes) for (const change of found) this.#tables.get(name)!.apply(change)
    return changes
  }
}

function add(changes: Map<string, readonly Change<Row>[]>, table: string, found: readonly Change<Row>[]): void {
  if (found.length > 0) changes.set(table, found)
}

/** A row that is sent as a whole may be the one that is there. */
function changesOf(
  table: TableCopy,
  codec: RowCodec,
  updates: TableUpdates[string],
  onUpdate?: (uuid: string) => void,
): Change<Row>[] {
  const changes: Change<Row>[] = []
  for (const [uuid, update] of eachUpdate(updates)) {
    onUpdate?.(uuid)
    const before = table.get(uuid)
    const row = updateRow(codec, uuid, before, update)
    if (before && row && codec.equal(before, row)) continue
    const change = changeOf(uuid, before, row)
    if (change) changes.push(change)
  }
  return changes
}
