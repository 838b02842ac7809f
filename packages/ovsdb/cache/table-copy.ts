// One table of a replica: its rows by uuid, and indexes over them.
import type { Row } from '../wire/values/rows.ts'
import { type IndexKey, type KeyColumn, type KeysOf, LiveRowIndex, type RowIndex } from './row-index.ts'

export type Change<R> =
  | { readonly kind: 'insert'; readonly uuid: string; readonly before: undefined; readonly row: R }
  | { readonly kind: 'update'; readonly uuid: string; readonly before: R; readonly row: R }
  | { readonly kind: 'delete'; readonly uuid: string; readonly before: R; readonly row: undefined }

/** Rows are frozen, and replaced when they change: one that was read stays what it was. */
export interface ReplicaTable<R> {
  readonly size: number
  get(uuid: string): R | undefined
  rows(): IterableIterator<R>
  /**
   * Finds rows by a column (of a set: by each element), or by what a function of the row gives, such as
   * `(port) => port.external_ids['device']`. Costs some 50 to 100 bytes a row; make it once, and keep it.
   */
  index(by: KeyColumn<R> | KeysOf<R>): RowIndex<R>
}

export class TableCopy implements ReplicaTable<Row> {
  readonly #rows = new Map<string, Row>()
  readonly #indexes: LiveRowIndex<Row>[] = []
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  get size(): number {
    return this.#rows.size
  }

  get(uuid: string): Row | undefined {
    return this.#rows.get(uuid)
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values()
  }

  index(by: string | KeysOf<Row>): RowIndex<Row> {
    const keysOf = typeof by === 'string' ? (row: Row) => row[by] as IndexKey | readonly IndexKey[] | null : by
    const index = new LiveRowIndex(this.#rows, keysOf, this.#onError)
    this.#indexes.push(index)
    return index
  }

  apply({ uuid, before, row }: Change<Row>): void {
    if (row) this.#rows.set(uuid, row)
    else this.#rows.delete(uuid)
    for (const index of this.#indexes) index.update(uuid, before, row)
  }
}

/** Undefined if nothing changed. */
export function changeOf(uuid: string, before: Row | undefined, row: Row | undefined): Change<Row> | undefined {
  if (before === row) return undefined
  if (!before) return { kind: 'insert', uuid, before, row: row! }
  return row ? { kind: 'update', uuid, before, row } : { kind: 'delete', uuid, before, row }
}
