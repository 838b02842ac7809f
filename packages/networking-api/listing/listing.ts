// What a list request asks for: filters, fields, order and page; and the pure selection they describe.
import { badRequest, NetworkingError } from '../errors.ts'
import type { ResourceType } from '../resource.ts'
import { parseTagFilter, passes, type TagFilter } from '../resources/tags.ts'
import { createMatcher } from './matching.ts'

export interface Listing {
  /** Attribute → the values it may have (one of them must match). */
  readonly filters: ReadonlyMap<string, readonly string[]>
  readonly tags: readonly TagFilter[]
  /** The attributes to show; empty: all. */
  readonly fields: readonly string[]
  readonly sort: readonly { readonly key: string; readonly descending: boolean }[]
  readonly limit?: number
  /** Id of the last item of the page before. */
  readonly marker?: string
  /** The page before the marker instead of the one after it. */
  readonly reverse: boolean
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string }

/** Reads a query string. Throws HTTPBadRequest for what Neutron refuses: unknown keys, bad limits, odd sort pairs. */
export function parseListing(type: ResourceType, query: URLSearchParams): Listing {
  const filters = new Map<string, string[]>()
  const tags: TagFilter[] = []
  for (const [key, value] of query) {
    if (pagingKeys.has(key)) continue
    const tagged = 'tags' in type.attributes ? parseTagFilter(key, value) : undefined
    if (tagged) {
      tags.push(...tagged)
      continue
    }
    if (!Object.hasOwn(type.attributes, key)) throw badRequest(`'${key}' is not a filter of ${type.plural}`)
    filters.set(key, [...(filters.get(key) ?? []), String(canonicalFilter(type, key, value))])
  }
  return {
    filters,
    tags,
    fields: query.getAll('fields').filter((name) => name !== ''),
    sort: parseSort(type, query),
    limit: parseLimit(query.get('limit')),
    marker: query.get('marker') ?? undefined,
    reverse: query.get('page_reverse')?.toLowerCase() === 'true',
  }
}

/** The rows that a listing asks for. `rows` may already be narrowed down by an index: filters are checked again. */
export function select<R extends Row>(
  type: ResourceType,
  rows: Iterable<R>,
  listing: Listing,
  visible: (row: R) => boolean = () => true,
): R[] {
  const wanted = [...listing.filters].map(([name, values]) => [name, createMatcher(values)] as const)
  const matching: R[] = []
  for (const row of rows) {
    const fits =
      wanted.every(([name, matches]) => matches(row[name])) &&
      listing.tags.every((filter) => passes((row.tags ?? []) as readonly string[], filter))
    if (fits && visible(row)) matching.push(row)
  }
  return page(type, sorted(matching, listing.sort), listing)
}

/** A row with only the attributes that `fields` names. */
export function project(row: object, fields: readonly string[]): object {
  if (fields.length === 0) return row
  return Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))
}

const pagingKeys = new Set(['fields', 'sort_key', 'sort_dir', 'limit', 'marker', 'page_reverse'])

/** `true` and `TRUE` mean the same boolean, `00-1A…` the same MAC; what is no such value simply matches nothing. */
export function canonicalFilter(type: ResourceType, name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    const parsed = type.attributes[name]!.parse(value, name)
    return typeof parsed === 'object' ? value : String(parsed)
  } catch {
    return value
  }
}

function parseSort(type: ResourceType, query: URLSearchParams): Listing['sort'] {
  const keys = query.getAll('sort_key')
  const directions = query.getAll('sort_dir')
  if (directions.length > 0 && directions.length !== keys.length)
    throw badRequest('The number of sort_keys and sort_dirs must be same')
  return keys.map((key, index) => {
    if (!Object.hasOwn(type.attributes, key)) throw badRequest(`'${key}' is an invalid attribute for sort keys`)
    const direction = directions[index] ?? 'asc'
    if (direction !== 'asc' && direction !== 'desc')
      throw badRequest(`'${direction}' is invalid attribute for sort_dirs`)
    return { key, descending: direction === 'desc' }
  })
}

function parseLimit(value: string | null): number | undefined {
  if (value === null) return undefined
  if (!/^\d{1,9}$/.test(value))
    throw new NetworkingError('BadRequest', {
      resource: 'limit',
      reason: `Limit must be an integer 0 or greater and not '${value.slice(0, 100)}'`,
    })
  return Number(value) || undefined
}

function sorted<R extends Row>(rows: R[], sort: Listing['sort']): R[] {
  if (sort.length === 0) return rows
  return rows.sort((a, b) => {
    for (const { key, descending } of sort) {
      const order = compare(a[key], b[key])
      if (order !== 0) return descending ? -order : order
    }
    return compare(a.id, b.id)
  })
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a ?? ''), String(b ?? '')]
  return left < right ? -1 : left > right ? 1 : 0
}

/** The rows after the marker, or, in reverse, those before it. */
function page<R extends Row>(type: ResourceType, rows: R[], { limit = rows.length, marker, reverse }: Listing): R[] {
  const at = marker === undefined ? undefined : rows.findIndex((row) => row.id === marker)
  if (at === -1) throw badRequest(`The marker '${marker!.slice(0, 100)}' is not one of these ${type.plural}`)
  if (!reverse) return rows.slice(at === undefined ? 0 : at + 1).slice(0, limit)
  const end = at ?? rows.length
  return rows.slice(Math.max(0, end - limit), end)
}
