// Pools of numbers in memory: what is taken, and what is free as ranges in order, so that taking one is a binary search.
import type { NumberPools, Range } from '../backend.ts'
import type { UndoLog } from './undo-log.ts'

export interface MemoryPools extends NumberPools {
  clear(): void
}

interface Pool {
  readonly taken: Set<bigint>
  /** Apart from each other, in order. */
  free: Range[]
  /** Where the last search ended. Going on from there keeps a released number unused for as long as can be. */
  lastTaken: bigint
}

export function createNumberPools(undoLog: UndoLog): MemoryPools {
  const pools = new Map<string, Pool>()

  function poolOf(name: string): Pool {
    const known = pools.get(name)
    if (known) return known
    const pool: Pool = { taken: new Set(), free: [], lastTaken: -1n }
    pools.set(name, pool)
    return pool
  }

  function replaceRanges({ free }: Pool, at: number, count: number, ranges: readonly Range[]): void {
    const removed = free.splice(at, count, ...ranges)
    undoLog.note(() => free.splice(at, ranges.length, ...removed))
  }

  function markTaken({ taken }: Pool, number: bigint): void {
    taken.add(number)
    undoLog.note(() => taken.delete(number))
  }

  function takeFrom(pool: Pool, at: number, number: bigint): void {
    const { first, last } = pool.free[at]!
    const rest = [
      { first, last: number - 1n },
      { first: number + 1n, last },
    ]
    replaceRanges(pool, at, 1, rest.filter(isSome))
    markTaken(pool, number)
  }

  return {
    define(name, ranges) {
      const pool = poolOf(name)
      const before = pool.free
      pool.free = freeOf(pool, ranges)
      undoLog.note(() => {
        pool.free = before
      })
    },
    takeAny(name) {
      const pool = poolOf(name)
      if (pool.free.length === 0) return undefined
      const from = pool.lastTaken + 1n
      const at = endsAtOrAfter(pool.free, from) % pool.free.length
      const { first, last } = pool.free[at]!
      const found = first <= from && from <= last ? from : first
      takeFrom(pool, at, found)
      pool.lastTaken = found
      return found
    },
    take(name, wanted) {
      const pool = poolOf(name)
      if (pool.taken.has(wanted)) return false
      const at = endsAtOrAfter(pool.free, wanted)
      if (holds(pool.free[at], wanted)) takeFrom(pool, at, wanted)
      else markTaken(pool, wanted)
      return true
    },
    release(name, released, ranges) {
      const pool = poolOf(name)
      if (!pool.taken.delete(released)) return
      undoLog.note(() => pool.taken.add(released))
      if (!ranges.some((range) => holds(range, released))) return
      const at = endsAtOrAfter(pool.free, released - 1n)
      const before = holds(pool.free[at], released - 1n) ? pool.free[at] : undefined
      const next = pool.free[before ? at + 1 : at]
      const after = holds(next, released + 1n) ? next : undefined
      const grown = { first: before?.first ?? released, last: after?.last ?? released }
      replaceRanges(pool, at, Number(before !== undefined) + Number(after !== undefined), [grown])
    },
    inUse: (name) => (pools.get(name)?.taken.size ?? 0) > 0,
    drop(name) {
      const pool = pools.get(name)
      pools.delete(name)
      undoLog.note(() => pool && pools.set(name, pool))
    },
    clear: () => pools.clear(),
  }
}

/** The ranges without what is taken. */
function freeOf({ taken }: Pool, ranges: readonly Range[]): Range[] {
  const inOrder = [...taken].sort(compare)
  return [...ranges]
    .sort((a, b) => compare(a.first, b.first))
    .flatMap((range) => {
      const gaps = inOrder.filter((number) => holds(range, number))
      return [...gaps, range.last + 1n].map((end, index) => ({
        first: index === 0 ? range.first : gaps[index - 1]! + 1n,
        last: end - 1n,
      }))
    })
    .filter(isSome)
}

/** Where the first range is that ends there or later; behind the last one if none does. */
function endsAtOrAfter(ranges: readonly Range[], number: bigint): number {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[middle]!.last < number) low = middle + 1
    else high = middle
  }
  return low
}

const isSome = ({ first, last }: Range) => first <= last
const holds = (range: Range | undefined, number: bigint) =>
  range !== undefined && range.first <= number && number <= range.last
const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
