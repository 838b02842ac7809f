// MAC pools: which addresses the vNICs of clusters get, and whether two may have the same.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { macPoolType } from '@patchbay/ovirt-api/types/mac-pools.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import { macsIn } from '../../macs/free-mac.ts'
import { overlap, spanOf } from '../../macs/mac-range.ts'
import type { MacPool, MacRange } from '../../store/entities/mac-pools.ts'
import type { Store, Tables } from '../../store/store.ts'
import { checkedName, checkedTexts, existing, refuseUsedName } from '../names.ts'
import { reading, type ServiceOf } from '../service.ts'

export type MacPoolRequest = ResourceOf<typeof macPoolType>

export interface MacPoolService extends ServiceOf<MacPool, MacPoolRequest> {
  /** What the request leaves out stays. */
  edit(id: string, request: MacPoolRequest): Promise<MacPool>
}

const blank = { name: '', description: '', comment: '', allowDuplicates: false, defaultPool: false, ranges: [] }

export function createMacPoolService(store: Store, events: EventLog): MacPoolService {
  return {
    ...reading(store.macPools, 'MAC pool'),
    async add(request) {
      const action = 'add MAC Pool'
      if (request.default_pool)
        throw new Fault('ACTION_TYPE_FAILED_SETTING_DEFAULT_MAC_POOL_IS_NOT_SUPPORTED', { action })
      const pool = changed({ ...blank, id: randomUUID() }, request, action)
      await store.transaction(async (tables) => {
        await refuseUsedName(tables.macPools, pool.name, action)
        await refuseOverlaps(tables, pool, action)
        await tables.macPools.insert(pool)
      })
      await events.tell('MAC_POOL_ADD_SUCCESS', `MAC Pool '${pool.name}' (id=${pool.id}) was created.`)
      return pool
    },
    async edit(id, request) {
      const action = 'edit MAC Pool'
      const pool = await store.transaction(async (tables) => {
        const before = await existing(tables.macPools, 'MAC pool', id)
        if ((request.default_pool ?? before.defaultPool) !== before.defaultPool)
          throw new Fault('ACTION_TYPE_FAILED_CHANGING_DEFAULT_MAC_POOL_IS_NOT_SUPPORTED', { action })
        const after = changed(before, request, action)
        if (after.name !== before.name) await refuseUsedName(tables.macPools, after.name, action)
        if (before.allowDuplicates && !after.allowDuplicates) await refuseDuplicates(tables, after, action)
        if (request.ranges) await refuseOverlaps(tables, after, action)
        await tables.macPools.update(id, after)
        return after
      })
      await events.tell('MAC_POOL_EDIT_SUCCESS', `MAC Pool '${pool.name}' (id=${id}) was changed.`)
      return pool
    },
    async remove(id) {
      const action = 'remove MAC Pool'
      const { name } = await store.transaction(async (tables) => {
        const pool = await existing(tables.macPools, 'MAC pool', id)
        if (pool.defaultPool) throw new Fault('ACTION_TYPE_FAILED_CANNOT_REMOVE_DEFAULT_MAC_POOL', { action })
        const clusters = (await tables.clusters.find({ macPoolId: id })).map(({ name }) => name)
        if (clusters.length > 0)
          throw new Fault('ACTION_TYPE_FAILED_CANNOT_REMOVE_STILL_USED_MAC_POOL', {
            action,
            count: String(clusters.length),
            clusters: clusters.join('\n'),
          })
        await tables.macPools.remove(id)
        return pool
      })
      await events.tell('MAC_POOL_REMOVE_SUCCESS', `MAC Pool '${name}' (id=${id}) was removed.`)
    },
  }
}

function changed(before: MacPool, request: MacPoolRequest, action: string): MacPool {
  const { description = before.description, comment = before.comment } = request
  const ranges = request.ranges?.map(checkedRange) ?? before.ranges
  if (ranges.length === 0) throw new Fault('ACTION_TYPE_FAILED_MAC_POOL_MUST_HAVE_RANGE', { action })
  return {
    ...before,
    name: checkedName(request.name ?? before.name, 'MacPool'),
    ...checkedTexts({ description, comment }),
    allowDuplicates: request.allow_duplicates ?? before.allowDuplicates,
    ranges,
  }
}

/** Of unicast addresses with the same first byte: one that goes further would hold addresses of groups. */
function checkedRange({ from = '', to = '' }: { from?: string | undefined; to?: string | undefined }): MacRange {
  const range = { from: from.toLowerCase(), to: to.toLowerCase() }
  const areMacs = [range.from, range.to].every((mac) => /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(mac))
  const { first, last } = spanOf(range)
  if (!areMacs || range.from.slice(0, 2) !== range.to.slice(0, 2) || first > last)
    throw new Fault('INVALID_VALUE', {
      reason: `"${from.slice(0, 40)}" to "${to.slice(0, 40)}" is not a range of unicast MAC addresses that begin with the same byte.`,
    })
  return range
}

async function refuseOverlaps({ macPools }: Tables, pool: MacPool, action: string): Promise<void> {
  const spans = pool.ranges.map(spanOf)
  if (spans.some((span, at) => spans.slice(at + 1).some((other) => overlap(span, other))))
    throw new Fault('ACTION_TYPE_FAILED_MAC_POOL_CONTAINS_OVERLAPPING_RANGES', { action })
  const others = (await macPools.find({})).filter(({ id }) => id !== pool.id)
  const touched = others.filter(({ ranges }) =>
    ranges.some((range) => spans.some((span) => overlap(span, spanOf(range)))),
  )
  if (touched.length > 0)
    throw new Fault('ACTION_TYPE_FAILED_MAC_POOL_OVERLAPS_WITH_OTHER_POOLS', {
      action,
      pools: touched.map(({ name }) => name).join(', '),
    })
}

async function refuseDuplicates(tables: Tables, { id }: MacPool, action: string): Promise<void> {
  const clusters = await tables.clusters.find({ macPoolId: id })
  const macs = await macsIn(
    tables,
    clusters.map((cluster) => cluster.id),
  )
  if (new Set(macs).size < macs.length) throw new Fault('ACTION_TYPE_FAILED_MAC_POOL_CONTAINS_DUPLICATES', { action })
}
