// The links of a page of a list, `networks_links`: where the next and the previous page are. The rules are Neutron's, but
// for one: a full page that is the last has no link to an empty one behind it, which would have to be asked for.
import { isObject } from '../resources/kinds.ts'
import type { Listing } from './listing.ts'

export interface PageLink {
  readonly rel: 'next' | 'previous'
  readonly href: string
}

/** What to select for a page: one row more, if there is one, tells that the page is not the last. */
export const withOneMore = (listing: Listing): Listing =>
  listing.limit === undefined ? listing : { ...listing, limit: listing.limit + 1 }

/** Cuts what was selected with one more to the page, with its links. `url`: of the list, without a query. */
export function linkedPage<Row extends { readonly id: string }>(
  url: string,
  query: URLSearchParams,
  { limit, reverse }: Listing,
  selected: readonly Row[],
): { readonly rows: readonly Row[]; readonly links: readonly PageLink[] } {
  // Without a limit there are no pages, hence no links.
  if (limit === undefined) return { rows: selected, links: [] }
  const hasMore = selected.length > limit
  const rows = reverse ? selected.slice(-limit) : selected.slice(0, limit)
  const links: PageLink[] = []
  // What lies in the direction one came from is there in any case.
  if (hasMore || reverse) links.push({ rel: 'next', href: pageUrl(url, query, rows.at(-1)?.id, false) })
  if (hasMore || !reverse) links.push({ rel: 'previous', href: pageUrl(url, query, rows[0]?.id, true) })
  return { rows, links }
}

/** What the links of a page say of a next one; undefined: there are none, or they cannot be read. */
export function saysNext(links: unknown): boolean | undefined {
  return Array.isArray(links) && links.every(isObject) ? links.some(({ rel }) => rel === 'next') : undefined
}

function pageUrl(url: string, query: URLSearchParams, marker: string | undefined, reverse: boolean): string {
  const next = new URLSearchParams(query)
  next.delete('marker')
  next.delete('page_reverse')
  if (marker !== undefined) next.set('marker', marker)
  if (reverse) next.set('page_reverse', 'True')
  return `${url}?${next}`
}
