// An address for a vNIC that comes without one: from the pool of its cluster, one that no vNIC at all has.
import { randomInt } from 'node:crypto'
import { Fault } from '../faults.ts'
import type { MacPool } from '../store/entities/mac-pools.ts'
import type { Tables } from '../store/store.ts'
import { type Span, sizeOf, spanOf, spansFrom, toMac, toNumber } from './mac-range.ts'

/** Of ten addresses nine may be used, and a probe still finds a free one in all but one of 800 cases. */
const probes = 64
/** Used addresses that are read at once. */
const page = 1_000

/**
 * Throws when all are used. At random, so that neighbours are rarely asked for at once; where that finds none, by the first
 * gap from a random place on.
 */
export async function freeMac(tables: Tables, pool: MacPool, action: string): Promise<string> {
  const spans = pool.ranges.map(spanOf)
  const size = spans.reduce((sum, span) => sum + sizeOf(span), 0)
  for (let probe = 0; probe < probes; probe++) {
    const mac = toMac(spansFrom(spans, randomInt(size))[0]!.first)
    if ((await tables.usedMacs.between(mac, mac, 1)).length === 0) return mac
  }
  for (const span of spansFrom(spans, randomInt(size))) {
    const free = await firstFree(tables, span)
    if (free !== undefined) return toMac(free)
  }
  throw new Fault('MAC_POOL_NOT_ENOUGH_MAC_ADDRESSES', { action, pool: pool.name })
}

/** Where the used ones, read in their order, leave the first gap. */
async function firstFree({ usedMacs }: Tables, { first, last }: Span): Promise<number | undefined> {
  for (let next = first; next <= last; ) {
    const used = await usedMacs.between(toMac(next), toMac(last), page)
    for (const mac of used) if (toNumber(mac) === next) next++
    const isGap = used.length < page || next <= toNumber(used.at(-1)!)
    if (isGap) return next <= last ? next : undefined
  }
  return undefined
}

export async function macPoolOf({ clusters, macPools }: Tables, clusterId: string): Promise<MacPool> {
  const cluster = await clusters.get(clusterId)
  return (await macPools.get(cluster!.macPoolId))!
}

/** The addresses of all vNICs in the clusters, as often as they have them. */
export async function macsIn({ vms, nics }: Tables, clusterIds: readonly string[]): Promise<string[]> {
  const macs: string[] = []
  for (const clusterId of clusterIds)
    for (const { id: vmId } of await vms.find({ clusterId }))
      for (const { mac } of await nics.find({ vmId })) macs.push(mac)
  return macs
}
