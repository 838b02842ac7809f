// One at a time for each key: work on a network must not meet other work on it.

export interface Locks {
  exclusive<Result>(key: string, work: () => Promise<Result>): Promise<Result>
}

export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>()
  return {
    exclusive(key, work) {
      const turn = (tails.get(key) ?? Promise.resolve()).then(work, work)
      const tail = turn.catch(() => {})
      tails.set(key, tail)
      void tail.then(() => tails.get(key) === tail && tails.delete(key))
      return turn
    },
  }
}
