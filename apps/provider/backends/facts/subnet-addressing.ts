// The arithmetic of a subnet: is the CIDR usable, which gateway and pools follow from it, which addresses are free to give.
import { invalidInput, NetworkingError } from '@patchbay/networking-api/errors.ts'
import {
  type Cidr,
  contains,
  formatAddress,
  formatCidr,
  type IpAddress,
  overlaps,
  parseAddress,
  parseCidr,
} from '@patchbay/networking-api/ip.ts'
import type { AllocationPool, Subnet, SubnetDraft } from '@patchbay/networking-api/resources/subnets.ts'
import type { Range } from '../backend.ts'

/** The CIDR of a valid draft. Throws what Neutron answers for one that cannot be a subnet. */
export function usableCidr(draft: Pick<SubnetDraft, 'cidr' | 'ip_version' | 'enable_dhcp'>): Cidr {
  if (draft.cidr === undefined)
    throw new NetworkingError('BadRequest', {
      resource: 'subnets',
      reason: 'a subnetpool must be specified in the absence of a cidr',
    })
  const cidr = parseCidr(draft.cidr)!
  if (cidr.version !== draft.ip_version)
    throw invalidInput(`cidr '${draft.cidr}' does not match the ip_version '${draft.ip_version}'`)
  if (draft.enable_dhcp && cidr.prefixLength === 0)
    throw invalidInput(
      `First IP '${formatAddress({ version: cidr.version, number: cidr.first })}' of network is not supported if enable_dhcp is True`,
    )
  if (draft.enable_dhcp && cidr.last - cidr.first < 3n)
    throw invalidInput('Subnet has a prefix length that is incompatible with DHCP service enabled')
  return cidr
}

export function refuseOverlap(cidr: Cidr, networkId: string, others: readonly Subnet[]): void {
  if (others.some((other) => overlaps(cidr, parseCidr(other.cidr!)!)))
    throw invalidInput(
      `Requested subnet with cidr: ${formatCidr(cidr)} for network: ${networkId} overlaps with another subnet`,
    )
}

/** The gateway asked for; left out, the first address, if there is one besides. It must be one that a machine can have. */
export function gatewayOf(cidr: Cidr, wanted: string | null | undefined): string | null {
  if (wanted === null) return null
  if (wanted === undefined && cidr.first === cidr.last) return null
  if (wanted === undefined) return formatAddress({ version: cidr.version, number: cidr.first + 1n })
  const address = parseAddress(wanted)!
  if (contains(cidr, address) && !isHost(cidr, address)) throw invalidInput('Gateway is not valid on subnet')
  return wanted
}

/** The pools asked for, checked; left out, every host address but the gateway. */
export function poolsOf(
  cidr: Cidr,
  gateway: string | null,
  wanted: readonly AllocationPool[] | undefined,
): AllocationPool[] {
  if (wanted === undefined) return defaultPools(cidr, gateway)
  const ranges = wanted.map((pool) => checkedPool(cidr, pool)).sort((a, b) => (a.range.first < b.range.first ? -1 : 1))
  for (const [index, { pool, range }] of ranges.entries()) {
    const next = ranges[index + 1]
    if (next && next.range.first <= range.last)
      throw new NetworkingError('OverlappingAllocationPools', {
        first: show(pool),
        second: show(next.pool),
        cidr: formatCidr(cidr),
      })
  }
  refuseGatewayInPools(gateway, wanted)
  return [...wanted]
}

export function refuseGatewayInPools(gateway: string | null, pools: readonly AllocationPool[]): void {
  const address = gateway === null ? undefined : parseAddress(gateway)!
  const conflict = address && pools.find((pool) => within(rangeOf(pool), address.number))
  if (conflict)
    throw new NetworkingError('GatewayConflictWithAllocationPools', { gateway: gateway!, pool: show(conflict) })
}

/** Whether the address is one that a port of this subnet can have. */
export function isHost(cidr: Cidr, address: IpAddress): boolean {
  if (!contains(cidr, address)) return false
  if (cidr.last - cidr.first < 3n) return true
  return address.number !== cidr.first && (cidr.version === 6 || address.number !== cidr.last)
}

export function rangeOf({ start, end }: AllocationPool): Range {
  return { first: parseAddress(start)!.number, last: parseAddress(end)!.number }
}

function defaultPools(cidr: Cidr, gateway: string | null): AllocationPool[] {
  const { version } = cidr
  const small = cidr.last - cidr.first < 3n
  const first = small ? cidr.first : cidr.first + 1n
  const last = small || version === 6 ? cidr.last : cidr.last - 1n
  const hole = gateway === null ? undefined : parseAddress(gateway)!
  const pieces: Range[] =
    hole && contains(cidr, hole)
      ? [
          { first, last: hole.number - 1n },
          { first: hole.number + 1n, last },
        ]
      : [{ first, last }]
  return pieces
    .filter((piece) => piece.first <= piece.last)
    .map((piece) => ({
      start: formatAddress({ version, number: piece.first }),
      end: formatAddress({ version, number: piece.last }),
    }))
}

function checkedPool(cidr: Cidr, pool: AllocationPool): { pool: AllocationPool; range: Range } {
  const start = parseAddress(pool.start)!
  const end = parseAddress(pool.end)!
  if (start.version !== cidr.version || end.version !== cidr.version || start.number > end.number)
    throw new NetworkingError('InvalidAllocationPool', { pool: show(pool) })
  if (!isHost(cidr, start) || !isHost(cidr, end))
    throw new NetworkingError('OutOfBoundsAllocationPool', { pool: show(pool), cidr: formatCidr(cidr) })
  return { pool, range: rangeOf(pool) }
}

const within = ({ first, last }: Range, number: bigint) => first <= number && number <= last
const show = ({ start, end }: AllocationPool) => `${start}-${end}`
