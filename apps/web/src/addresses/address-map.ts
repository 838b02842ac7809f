// The addresses of a subnet as squares: one for each address where there are few, one for many where there are many.
import { Address4, Address6 } from 'ip-address'

export interface Subnet {
  readonly cidr: string
  /** '' for none. */
  readonly gateway: string
  readonly pools: readonly { readonly start: string; readonly end: string }[]
}

/** An address that a port has. */
export interface UsedAddress {
  readonly address: string
  /** Whose it is, for people. */
  readonly owner: string
  readonly isDhcp: boolean
}

/** What counts most of the addresses of a square. */
export type SquareKind = 'outside' | 'free' | 'used' | 'gateway' | 'dhcp'

export interface Square {
  readonly first: string
  readonly last: string
  readonly kind: SquareKind
  readonly size: bigint
  readonly used: readonly UsedAddress[]
}

export interface AddressMap {
  readonly squares: readonly Square[]
  /** Addresses of each square. */
  readonly size: bigint
  /** Of the pools: those in use, and all. */
  readonly used: number
  readonly capacity: bigint
  /** In use, but of no pool. */
  readonly outside: number
  /** The squares are only that part of the subnet which is in use: first and last address. */
  readonly part: { readonly first: string; readonly last: string } | undefined
  /** Those that belong to this subnet, in order. */
  readonly addresses: readonly UsedAddress[]
}

export const mostSquares = 256n

interface Range {
  readonly first: bigint
  readonly last: bigint
}

/** undefined for a CIDR that is none. */
export function addressMap(subnet: Subnet, ports: readonly UsedAddress[]): AddressMap | undefined {
  const isV6 = subnet.cidr.includes(':')
  const read = (text: string) => (text.includes(':') === isV6 ? numberOf(text) : undefined)
  const write = (number: bigint) =>
    isV6 ? Address6.fromBigInt(number).correctForm() : Address4.fromBigInt(number).address
  const whole = rangeOf(subnet.cidr)
  if (!whole) return undefined
  const pools = subnet.pools.flatMap(({ start, end }) => {
    const [first, last] = [read(start), read(end)]
    return first === undefined || last === undefined ? [] : [{ first, last }]
  })
  const used = ports
    .map((port) => ({ port, at: read(port.address) }))
    .filter((each): each is Used => each.at !== undefined && isIn(each.at, whole))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
  const gateway = read(subnet.gateway)
  const marks = [...used.map(({ at }) => at), ...(gateway === undefined ? [] : [gateway])]
  const shown = isV6 ? partInUse(whole, marks) : whole
  const all = shown.last - shown.first + 1n
  const size = all > mostSquares ? all / mostSquares : 1n
  const inPools = used.filter(({ at }) => pools.some((pool) => isIn(at, pool)))
  return {
    squares: squaresOf({ shown, size, pools, used, gateway }, write),
    size,
    used: inPools.length,
    capacity: pools.reduce((sum, { first, last }) => sum + (last - first + 1n), 0n),
    outside: used.length - inPools.length,
    part: shown === whole ? undefined : { first: write(shown.first), last: write(shown.last) },
    addresses: used.map(({ port }) => port),
  }
}

interface Used {
  readonly port: UsedAddress
  readonly at: bigint
}

interface Facts {
  readonly shown: Range
  readonly size: bigint
  readonly pools: readonly Range[]
  readonly used: readonly Used[]
  readonly gateway: bigint | undefined
}

function squaresOf({ shown, size, pools, used, gateway }: Facts, write: (number: bigint) => string): Square[] {
  const usedIn = Map.groupBy(used, ({ at }) => (at - shown.first) / size)
  const squares: Square[] = []
  for (let first = shown.first; first <= shown.last; first += size) {
    const range = { first, last: first + size - 1n }
    const here = (usedIn.get((first - shown.first) / size) ?? []).map(({ port }) => port)
    const isGateway = gateway !== undefined && isIn(gateway, range)
    const isOfPool = pools.some((pool) => pool.first <= range.last && pool.last >= range.first)
    squares.push({
      first: write(range.first),
      last: write(range.last),
      kind: kindOf(here, isGateway, isOfPool),
      size,
      used: here,
    })
  }
  return squares
}

function kindOf(used: readonly UsedAddress[], isGateway: boolean, isOfPool: boolean): SquareKind {
  if (isGateway) return 'gateway'
  if (used.some(({ isDhcp }) => isDhcp)) return 'dhcp'
  if (used.length > 0) return 'used'
  return isOfPool ? 'free' : 'outside'
}

/** Of IPv6, where nearly all of a subnet is empty: the least part that is aligned and has all that is in use. */
function partInUse(whole: Range, marks: readonly bigint[]): Range {
  const numbers = marks.length === 0 ? [whole.first] : marks
  const least = numbers.reduce((a, b) => (b < a ? b : a))
  const most = numbers.reduce((a, b) => (b > a ? b : a))
  let size = mostSquares
  while (least / size !== most / size) size *= 2n
  const first = (least / size) * size
  return size >= whole.last - whole.first + 1n ? whole : { first, last: first + size - 1n }
}

const isIn = (number: bigint, { first, last }: Range) => number >= first && number <= last

function rangeOf(cidr: string): Range | undefined {
  const parsed = parse(cidr)
  return parsed && { first: parsed.startAddress().bigInt(), last: parsed.endAddress().bigInt() }
}

const numberOf = (address: string) => parse(address)?.bigInt()

function parse(text: string): Address4 | Address6 | undefined {
  if (Address4.isValid(text)) return new Address4(text)
  return Address6.isValid(text) ? new Address6(text) : undefined
}

export const columnsOf = (squares: number) => Math.min(32, squares)

/** Where an arrow key leads to in a grid; where it was, at its edges and for other keys. */
export function movedTo(at: number, key: string, count: number): number {
  const columns = columnsOf(count)
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -(at % columns),
    End: columns - 1 - (at % columns),
  }
  const next = at + (steps[key] ?? 0)
  return next < 0 || next >= count ? at : next
}
