// The links of a page of a list, `networks_links`: where the next and the previous page are. The rules are Neutron's.
import type { Listing } from './listing.ts'

export interface PageLink {
  readonly rel: 'next' | 'previous'
  readonly href: string
}

/** `url`: of the list, without a query. Without a limit there are no pages, hence no links. */
export function pageLinks(
  url: string,
  query: URLSearchParams,
  { limit, reverse }: Listing,
  rows: readonly { readonly id: string }[],
): PageLink[] {
  if (limit === undefined) return []
  const full = rows.length >= limit
  const links: PageLink[] = []
  // What lies in the direction one came from is there in any case.
  if (full || reverse) links.push({ rel: 'next', href: pageUrl(url, query, rows.at(-1)?.id, false) })
  if (full || !reverse) links.push({ rel: 'previous', href: pageUrl(url, query, rows[0]?.id, true) })
  return links
}

function pageUrl(url: string, query: URLSearchParams, marker: string | undefined, reverse: boolean): string {
  const next = new URLSearchParams(query)
  next.delete('marker')
  next.delete('page_reverse')
  if (marker !== undefined) next.set('marker', marker)
  if (reverse) next.set('page_reverse', 'True')
  return `${url}?${next}`
}
