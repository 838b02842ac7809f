// Chance that can be repeated: the same seed makes the same choices.

export interface Chance {
  /** From 0 up to, but not, `below`. */
  number(below: number): number
  one<Item>(items: readonly Item[]): Item | undefined
  /** True once in so many times. */
  once(times: number): boolean
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  // Mulberry32: small, and good enough to choose by.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const number = (below: number) => Math.floor(next() * below)
  return { number, one: (items) => items[number(items.length)], once: (times) => number(times) === 0 }
}
