// Pools of numbers in SQLite: what is taken, and what is free as a few ranges, so that taking one is a look-up.
import type { DatabaseSync } from 'node:sqlite'
import type { NumberPools, Range } from '../backend.ts'

export function createNumberPools(database: DatabaseSync): NumberPools {
  const isTaken = database.prepare('SELECT 1 FROM taken_number WHERE pool = ? AND number = ?')
  const anyTaken = database.prepare('SELECT 1 FROM taken_number WHERE pool = ? LIMIT 1')
  const takenBetween = database.prepare(
    'SELECT number FROM taken_number WHERE pool = ? AND number BETWEEN ? AND ? ORDER BY number',
  )
  const insertTaken = database.prepare('INSERT INTO taken_number VALUES (?, ?)')
  const deleteTaken = database.prepare('DELETE FROM taken_number WHERE pool = ? AND number = ?')
  const rangeAtOrBefore = database.prepare(
    'SELECT first, last FROM free_range WHERE pool = ? AND first <= ? ORDER BY first DESC LIMIT 1',
  )
  const rangeAfter = database.prepare(
    'SELECT first, last FROM free_range WHERE pool = ? AND first > ? ORDER BY first LIMIT 1',
  )
  const insertRange = database.prepare('INSERT INTO free_range VALUES (?, ?, ?)')
  const deleteRange = database.prepare('DELETE FROM free_range WHERE pool = ? AND first = ?')
  const deleteRanges = database.prepare('DELETE FROM free_range WHERE pool = ?')
  const deletePool = database.prepare('DELETE FROM taken_number WHERE pool = ?')

  /** Where the last search of a pool ended. Going on from there keeps a released number unused for as long as can be. */
  const lastTaken = new Map<string, bigint>()

  function free(pool: string, { first, last }: Range): void {
    if (first <= last) insertRange.run(pool, key(first), key(last))
  }

  function takeFrom(pool: string, range: Range, number: bigint): void {
    deleteRange.run(pool, key(range.first))
    free(pool, { first: range.first, last: number - 1n })
    free(pool, { first: number + 1n, last: range.last })
    insertTaken.run(pool, key(number))
  }

  function rangeWith(pool: string, number: bigint): Range | undefined {
    const range = toRange(rangeAtOrBefore.get(pool, key(number)))
    return range && range.last >= number ? range : undefined
  }

  return {
    define(pool, ranges) {
      deleteRanges.run(pool)
      for (const range of ranges) {
        let next = range.first
        for (const row of takenBetween.all(pool, key(range.first), key(range.last))) {
          const taken = number(row.number)
          free(pool, { first: next, last: taken - 1n })
          next = taken + 1n
        }
        free(pool, { first: next, last: range.last })
      }
    },
    takeAny(pool) {
      const from = (lastTaken.get(pool) ?? -1n) + 1n
      const range =
        rangeWith(pool, from) ?? toRange(rangeAfter.get(pool, key(from))) ?? toRange(rangeAfter.get(pool, ''))
      if (!range) return undefined
      const found = range.first <= from && from <= range.last ? from : range.first
      takeFrom(pool, range, found)
      lastTaken.set(pool, found)
      return found
    },
    take(pool, wanted) {
      if (isTaken.get(pool, key(wanted))) return false
      const range = rangeWith(pool, wanted)
      if (range) takeFrom(pool, range, wanted)
      else insertTaken.run(pool, key(wanted))
      return true
    },
    release(pool, released, ranges) {
      deleteTaken.run(pool, key(released))
      if (!ranges.some(({ first, last }) => first <= released && released <= last)) return
      const before = rangeWith(pool, released - 1n)
      const after = rangeWith(pool, released + 1n)
      if (before) deleteRange.run(pool, key(before.first))
      if (after) deleteRange.run(pool, key(after.first))
      free(pool, { first: before?.first ?? released, last: after?.last ?? released })
    },
    inUse: (pool) => anyTaken.get(pool) !== undefined,
    drop(pool) {
      deleteRanges.run(pool)
      deletePool.run(pool)
      lastTaken.delete(pool)
    },
  }
}

/** Numbers up to 128 bits as text that sorts like them. */
const key = (number: bigint) => (number < 0n ? '' : number.toString(16).padStart(32, '0'))
const number = (key: unknown) => BigInt(`0x${key}`)
const toRange = (row: Record<string, unknown> | undefined): Range | undefined =>
  row && { first: number(row.first), last: number(row.last) }
