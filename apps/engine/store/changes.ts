// What committed transactions changed, told to whoever wants to know: after the commit, in its order; nothing of what was
// taken back.

export type ChangeKind = 'added' | 'updated' | 'removed'

export interface RowChange {
  readonly table: string
  readonly id: string
  readonly kind: ChangeKind
  /** The columns as they are now, of a removed row as they were: as the database has them. */
  readonly row: Readonly<Record<string, unknown>>
}

export interface Changes {
  /** Answers how to stop listening. `listener` must not throw, and not wait. */
  listen(listener: (changes: readonly RowChange[]) => void): () => void
  tell(changes: readonly RowChange[]): void
}

export function createChanges(): Changes {
  const listeners = new Set<(changes: readonly RowChange[]) => void>()
  return {
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell(changes) {
      if (changes.length > 0) for (const listener of listeners) listener(changes)
    },
  }
}
