// Which addresses are taken, also where others gave one address to several ports: it is free when the last of them lets go.
import { parseAddress } from '@patchbay/networking-api/ip.ts'
import type { FixedIp } from '@patchbay/networking-api/resources/ports.ts'
import type { NumberPools, Range } from '../../backend.ts'

export function createHeldAddresses(pools: NumberPools) {
  /** Of an address with several holders: how many there are besides the first. */
  const others = new Map<string, number>()
  const keyOf = (pool: string, number: bigint) => `${pool} ${number}`
  return {
    /** The pools, for changes that may yet be undone: they give back nothing that somebody else holds too. */
    numbers: {
      ...pools,
      release(pool, number, ranges) {
        if (!others.has(keyOf(pool, number))) pools.release(pool, number, ranges)
      },
    } as NumberPools,
    hold({ subnet_id, ip_address }: FixedIp): void {
      const { number } = parseAddress(ip_address)!
      const key = keyOf(subnet_id, number)
      if (!pools.take(subnet_id, number)) others.set(key, (others.get(key) ?? 0) + 1)
    },
    letGo({ subnet_id, ip_address }: FixedIp, ranges: readonly Range[]): void {
      const { number } = parseAddress(ip_address)!
      const key = keyOf(subnet_id, number)
      const count = others.get(key)
      if (count === undefined) pools.release(subnet_id, number, ranges)
      else if (count === 1) others.delete(key)
      else others.set(key, count - 1)
    },
    /** Of one subnet, or of all. */
    forget(subnetId?: string): void {
      if (subnetId !== undefined) pools.drop(subnetId)
      for (const key of [...others.keys()]) if (key.startsWith(`${subnetId ?? ''}`)) others.delete(key)
    },
  }
}

export type HeldAddresses = ReturnType<typeof createHeldAddresses>
