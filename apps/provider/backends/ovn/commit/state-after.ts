// The state as it will be when changes that were noted have taken place.
import type { Reader, State } from '../../backend.ts'
import type { Effect, Effects } from './effects.ts'

export const stateAfter = (effects: Effects, state: State): State => ({
  ...state,
  networks: overlaid(state.networks, effects.networks),
  subnets: overlaid(state.subnets, effects.subnets),
  ports: overlaid(state.ports, effects.ports),
  routers: overlaid(state.routers, effects.routers),
  floatingIps: overlaid(state.floatingIps, effects.floatingIps),
})

function overlaid<Row extends { readonly id: string }>(
  rows: Reader<Row>,
  effects: ReadonlyMap<string, Effect<Row>>,
): Reader<Row> {
  if (effects.size === 0) return rows
  const find = (attribute: keyof Row & string, value: string) => [
    ...rows.find(attribute, value).filter(({ id }) => !effects.has(id)),
    ...[...effects.values()].flatMap(({ after }) => (after && String(after[attribute] ?? '') === value ? [after] : [])),
  ]
  function* all() {
    for (const row of rows.all()) if (!effects.has(row.id)) yield row
    for (const { after } of effects.values()) if (after) yield after
  }
  return {
    indexes: rows.indexes,
    get: (id) => (effects.has(id) ? effects.get(id)!.after : rows.get(id)),
    find,
    has: (attribute, value) => find(attribute, value).length > 0,
    count: (attribute, value) => find(attribute, value).length,
    all,
    texts: (attribute, value = '') =>
      (attribute === undefined ? [...all()] : find(attribute, value)).map((row) => JSON.stringify(row)),
  }
}
