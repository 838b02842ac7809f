// What a list request asks for: filters, fields, order and page; and the pure selection they describe.
import { badRequest, NetworkingError } from './errors.ts'
import type { ResourceType } from './resource.ts'

export interface Listing {
  /** Attribute → the values it may have (one of them must match). */
  readonly filters: ReadonlyMap<string, readonly string[]>
  /** The attributes to show; empty: all. */
  readonly fields: readonly string[]
  readonly sort: readonly { readonly key: string; readonly descending: boolean }[]
  readonly limit?: number
  /** Id of the last item of the page before. */
  readonly marker?: string
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string }

/** Reads a query string. Throws HTTPBadRequest for what Neutron refuses: unknown keys, bad limits, odd sort pairs. */
export function parseListing(type: ResourceType, query: URLSearchParams): Listing {
  const filters = new Map<string, string[]>()
  for (const [key, value] of query) {
    if (pagingKeys.has(key)) continue
    if (!Object.hasOwn(type.attributes, key)) throw badRequest(`'${key}' is not a filter of ${type.plural}`)
    filters.set(key, [...(filters.get(key) ?? []), String(canonicalFilter(type, key, value))])
  }
  return {
    filters,
    fields: query.getAll('fields').filter((name) => name !== ''),
    sort: parseSort(type, query),
    limit: parseLimit(query.get('limit')),
    marker: query.get('marker') ?? undefined,
  }
}

/** The rows that a listing asks for. `rows` may already be narrowed down by an index: filters are checked again. */
export function select<R extends Row>(
  type: ResourceType,
  rows: Iterable<R>,
  listing: Listing,
  visible: (row: R) => boolean = () => true,
): R[] {
  const wanted = [...listing.filters]
  const matching: R[] = []
  for (const row of rows) {
    if (wanted.every(([name, values]) => matches(row[name], values)) && visible(row)) matching.push(row)
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

/** `fixed_ips=subnet_id=X` asks for a member of a list of objects; other lists match by any of their items. */
function matches(value: unknown, wanted: readonly string[]): boolean {
  if (!Array.isArray(value)) return wanted.includes(String(value ?? ''))
  return wanted.some((want) => {
    const [key, rest] = split(want, '=')
    return value.some((item) =>
      typeof item === 'object' && item !== null
        ? String((item as Record<string, unknown>)[key]) === rest
        : item === want,
    )
  })
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

function page<R extends Row>(type: ResourceType, rows: R[], { limit, marker }: Listing): R[] {
  if (limit === undefined && marker === undefined) return rows
  const before = marker === undefined ? -1 : rows.findIndex((row) => row.id === marker)
  if (marker !== undefined && before === -1)
    throw badRequest(`The marker '${marker.slice(0, 100)}' is not one of these ${type.plural}`)
  return rows.slice(before + 1, limit === undefined ? undefined : before + 1 + limit)
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
