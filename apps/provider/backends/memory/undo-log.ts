// What was done to tables in memory, so that it can be taken back: the last thing first.

export interface UndoLog {
  /** How to take back what was just done. Forgotten when nothing is being tried. */
  note(undo: () => void): void
  /** Runs `work`, then takes back all that it did. */
  tried<Result>(work: () => Result): Result
  /** Takes back what `work` did if it throws, and throws the same. May be part of something tried. */
  wholeOrNot<Result>(work: () => Result): Result
}

export function createUndoLog(): UndoLog {
  const undoes: (() => void)[] = []
  let depth = 0

  function takeBack(to: number): void {
    while (undoes.length > to) undoes.pop()!()
  }

  return {
    note(undo) {
      if (depth > 0) undoes.push(undo)
    },
    tried(work) {
      const from = undoes.length
      depth++
      try {
        return work()
      } finally {
        takeBack(from)
        depth--
      }
    },
    wholeOrNot(work) {
      const from = undoes.length
      depth++
      try {
        return work()
      } catch (error) {
        takeBack(from)
        throw error
      } finally {
        depth--
        if (depth === 0) undoes.length = 0
      }
    },
  }
}
