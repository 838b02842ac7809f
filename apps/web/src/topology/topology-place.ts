// What the address says of the topology, and the query that the engine answers.

export const filterNames = ['provider', 'network', 'cluster', 'host', 'vm'] as const
export type FilterName = (typeof filterNames)[number]

/** Ids by the kind of the thing. */
export type TopologyFilter = { readonly [Name in FilterName]?: string | undefined }

export interface TopologyPlace extends TopologyFilter {
  readonly broken?: true | undefined
  /** Ids, with commas between. */
  readonly expand?: string | undefined
  /** vNICs that are shown one by one. */
  readonly max?: number | undefined
  readonly view?: 'table' | undefined
}

export const usualMax = 60
export const maxChoices = [20, usualMax, 200, 500]

/** Of whatever stands in an address. */
export function readTopologyPlace(search: Record<string, unknown>): TopologyPlace {
  const text = (name: string) => (search[name] === undefined ? undefined : String(search[name]).slice(0, 4000))
  const max = Number(search.max)
  return {
    ...Object.fromEntries(filterNames.map((name) => [name, text(name)])),
    broken: search.broken === true || search.broken === 'true' || undefined,
    expand: text('expand'),
    max: Number.isInteger(max) && max > 0 && max <= 500 ? max : undefined,
    view: search.view === 'table' ? 'table' : undefined,
  }
}

/** The query string of the engine's topology. */
export function topologyQuery(place: TopologyPlace): string {
  const { view: _, ...given } = place
  const known = Object.entries(given).filter(([, value]) => value !== undefined)
  return new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString()
}

const idsOf = ({ expand = '' }: TopologyPlace) => expand.split(',').filter((id) => id !== '')

/** Expanded if it was not, and the other way round. */
export function toggled(place: TopologyPlace, id: string): string | undefined {
  const ids = idsOf(place)
  const next = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]
  return next.join(',') || undefined
}

export const isNarrowed = (place: TopologyPlace) =>
  place.broken === true || filterNames.some((name) => place[name] !== undefined)
