// A square in words.
import { text } from '../text/addresses.ts'
import type { Square } from './address-map.ts'

const mostOwners = 3

/** `10.0.0.7: Used, nic1 of web`. */
export function describedSquare({ first, last, kind, size, used }: Square): string {
  const owners = used.slice(0, mostOwners).map(({ address, owner }) => (size === 1n ? owner : `${address} ${owner}`))
  const parts = [
    text.kinds[kind],
    ...(size > 1n ? [text.bucket(shownCount(used.length), shownCount(size))] : []),
    ...owners,
    ...(used.length > mostOwners ? [text.more(used.length - mostOwners)] : []),
  ]
  return `${text.range(first, last)}: ${parts.join(', ')}`
}

/** Of what is too long to be read, how long it is about. */
export function shownCount(count: number | bigint): string {
  if (count < 10n ** 9n) return count.toLocaleString('en')
  const about = count.toLocaleString('en', { notation: 'scientific', maximumSignificantDigits: 2 })
  return text.about(about.replace('E', ' × 10^'))
}
