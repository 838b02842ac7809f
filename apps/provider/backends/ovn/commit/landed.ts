// Whether a transaction took place, when its answer does not say so.

import type { Northbound } from '../northbound.ts'
import { markOf } from '../rows/image.ts'
import type { Effect, Effects } from './effects.ts'

type Find = (id: string) => { readonly external_ids: Readonly<Record<string, string>> } | undefined

/**
 * It did if a row that it made is there, or one that it wrote has its mark, for it took place as a whole or not at all.
 * One that only removed rows left no mark: then they must be gone, whoever removed them. An update that others have
 * overwritten since is not found.
 */
export function haveLanded(effects: Effects, mark: string, northbound: Northbound): boolean {
  const find: { readonly [Kind in keyof Effects]: Find } = {
    networks: (id) => northbound.switches.get(id),
    subnets: (id) => northbound.dhcpOptions.get(id),
    ports: (id) => northbound.portRowOf(id),
    securityGroups: (id) => northbound.portGroups.get(id),
    securityGroupRules: (id) => northbound.replica.table('ACL').get(id),
    routers: (id) => northbound.routers.get(id),
    floatingIps: (id) => northbound.portRowOf(id),
    settings: () => [...northbound.global.rows()][0],
  }
  const touched = (Object.keys(find) as (keyof Effects)[]).flatMap((kind) =>
    [...(effects[kind] as ReadonlyMap<string, Effect<unknown>>)].map(([id, { before, after }]) => ({
      row: find[kind](id),
      isNew: kind !== 'settings' && before === undefined && after !== undefined,
      // Settings are in a row that stays, whatever becomes of them.
      isWritten: kind === 'settings' || after !== undefined,
    })),
  )
  const written = touched.filter(({ isWritten }) => isWritten)
  if (written.length > 0) return written.some(({ row, isNew }) => row && (isNew || markOf(row) === mark))
  return touched.every(({ row }) => row === undefined)
}
