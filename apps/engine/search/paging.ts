// How much of a collection is asked for.
import { Fault } from '../faults.ts'

/** As in the real engine, where only `page n` was said. */
const usualPageSize = 100

/** undefined: all. -1 is how oVirt's clients say that. */
export function maxOf(query: URLSearchParams): number | undefined {
  const given = query.get('max')
  if (given === null || given === '-1') return undefined
  if (/^\d{1,9}$/.test(given)) return Number(given)
  throw new Fault('INVALID_VALUE', { reason: `max must be a whole number, not "${given.slice(0, 100)}".` })
}

export function pageOf(max: number | undefined, page: number): { readonly limit?: number; readonly offset: number } {
  if (page === 1) return { offset: 0, ...(max !== undefined && { limit: max }) }
  const limit = max ?? usualPageSize
  return { limit, offset: (page - 1) * limit }
}
