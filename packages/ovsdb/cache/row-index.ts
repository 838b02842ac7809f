// Finds rows of a replica by what is in them.

export type IndexKey = string | number | boolean

/**
 * What a row is found by: a key, several (a frozen array has each of them once, as the sets of rows do), or none. Called
 * again for the same row, it must give the same answer.
 */
export type KeysOf<Row> = (row: Row) => IndexKey | readonly IndexKey[] | null | undefined

/** Columns that can be found by; of a set, each element is a key. */
export type KeyColumn<Row> = {
  [C in keyof Row]: Row[C] extends IndexKey | readonly IndexKey[] | null | undefined ? C : never
}[keyof Row] &
  string

export interface RowIndex<Row> {
  /** The row with this key; if there are several, the one whose uuid comes first, the same for all clients. */
  get(key: IndexKey): Row | undefined
  all(key: IndexKey): readonly Row[]
  keys(): IterableIterator<IndexKey>
}

/** Holds uuids: rows change more often than their keys do. */
export class LiveRowIndex<Row> implements RowIndex<Row> {
  readonly #rows: ReadonlyMap<string, Row>
  readonly #keysOf: KeysOf<Row>
  readonly #onError: (error: unknown) => void
  /** A Set only where there are several, so that an index of unique keys is one Map. */
  readonly #uuids = new Map<IndexKey, string | Set<string>>()

  /** A function that throws leaves the row out of the index, and `onError` is told. */
  constructor(rows: ReadonlyMap<string, Row>, keysOf: KeysOf<Row>, onError: (error: unknown) => void) {
    this.#rows = rows
    this.#keysOf = keysOf
    this.#onError = onError
    for (const [uuid, row] of rows) this.update(uuid, undefined, row)
  }

  get(key: IndexKey): Row | undefined {
    const found = this.#uuids.get(key)
    if (found === undefined) return undefined
    if (typeof found === 'string') return this.#rows.get(found)
    let first = ''
    for (const uuid of found) if (first === '' || uuid < first) first = uuid
    return this.#rows.get(first)
  }

  all(key: IndexKey): readonly Row[] {
    const found = this.#uuids.get(key)
    if (found === undefined) return []
    if (typeof found === 'string') return [this.#rows.get(found)!]
    return Array.from(found, (uuid) => this.#rows.get(uuid)!)
  }

  keys(): IterableIterator<IndexKey> {
    return this.#uuids.keys()
  }

  /** Undefined: the row was not there, or is gone. */
  update(uuid: string, before: Row | undefined, after: Row | undefined): void {
    const old = this.#keys(before)
    const current = this.#keys(after)
    if (old === current) return
    const { gone, come } = differenceOf(old, current)
    for (const key of gone) this.#remove(key, uuid)
    for (const key of come) this.#add(key, uuid)
  }

  #keys(row: Row | undefined): readonly IndexKey[] {
    if (row === undefined) return noKeys
    try {
      return listOf(this.#keysOf(row))
    } catch (error) {
      this.#onError(error)
      return noKeys
    }
  }

  #add(key: IndexKey, uuid: string): void {
    const found = this.#uuids.get(key)
    if (found === undefined) this.#uuids.set(key, uuid)
    else if (typeof found !== 'string') found.add(uuid)
    else if (found !== uuid) this.#uuids.set(key, new Set([found, uuid]))
  }

  #remove(key: IndexKey, uuid: string): void {
    const found = this.#uuids.get(key)
    if (found === uuid) this.#uuids.delete(key)
    if (!(found instanceof Set) || !found.delete(uuid) || found.size > 1) return
    for (const last of found) this.#uuids.set(key, last)
  }
}

const noKeys: readonly IndexKey[] = []

/** Each key once. */
function listOf(keys: ReturnType<KeysOf<unknown>>): readonly IndexKey[] {
  if (keys === undefined || keys === null) return noKeys
  if (!Array.isArray(keys)) return [keys as IndexKey]
  return keys.length < 2 || Object.isFrozen(keys) ? keys : [...new Set<IndexKey>(keys)]
}

/**
 * In one walk through both, so that a port more in a switch of thousands is one entry more. Of lists that are not in
 * order, a key of both may be gone and come again.
 */
function differenceOf(old: readonly IndexKey[], current: readonly IndexKey[]) {
  const gone: IndexKey[] = []
  const come: IndexKey[] = []
  let a = 0
  let b = 0
  while (a < old.length && b < current.length) {
    const before = old[a]!
    const after = current[b]!
    if (before === after) {
      a++
      b++
    } else if (before < after) gone.push(old[a++]!)
    else come.push(current[b++]!)
  }
  while (a < old.length) gone.push(old[a++]!)
  while (b < current.length) come.push(current[b++]!)
  return { gone, come }
}
