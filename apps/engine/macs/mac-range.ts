// Ranges of MAC addresses, as numbers below 2^48.
import type { MacRange } from '../store/entities/mac-pools.ts'

/** Both ends belong to it. */
export interface Span {
  readonly first: number
  readonly last: number
}

export const toNumber = (mac: string): number => Number.parseInt(mac.replaceAll(':', ''), 16)

export const toMac = (address: number): string => address.toString(16).padStart(12, '0').match(/../g)!.join(':')

export const spanOf = ({ from, to }: MacRange): Span => ({ first: toNumber(from), last: toNumber(to) })

export const sizeOf = ({ first, last }: Span): number => last - first + 1

export const overlap = (one: Span, other: Span): boolean => one.first <= other.last && other.first <= one.last

/** All of them once, beginning with the address at this place of the whole; the part before it comes last. */
export function spansFrom(spans: readonly Span[], place: number): Span[] {
  let before = 0
  for (const [at, span] of spans.entries()) {
    const first = span.first + place - before
    if (first <= span.last) {
      const head = first > span.first ? [{ first: span.first, last: first - 1 }] : []
      return [{ first, last: span.last }, ...spans.slice(at + 1), ...spans.slice(0, at), ...head]
    }
    before += sizeOf(span)
  }
  return []
}
