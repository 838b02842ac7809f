// IP address arithmetic: addresses as numbers with a version, CIDRs as ranges.
import { isIPv4 } from 'node:net'
import { Address4, Address6 } from 'ip-address'

export type IpVersion = 4 | 6

export interface IpAddress {
  readonly version: IpVersion
  readonly number: bigint
}

/** All addresses of a network, from the network address to the last one (IPv4: the broadcast address). */
export interface Cidr {
  readonly version: IpVersion
  readonly prefixLength: number
  readonly first: bigint
  readonly last: bigint
}

/** The address written in `text` (no prefix length), or undefined. */
export function parseAddress(text: string): IpAddress | undefined {
  // Nearly all are of this kind, and there is one for each port: the library takes ten times as long.
  if (isIPv4(text)) return { version: 4, number: BigInt(text.split('.').reduce((sum, octet) => sum * 256 + +octet, 0)) }
  if (text.includes('/')) return undefined
  const parsed = parse(text)
  return parsed && { version: parsed.version, number: parsed.address.bigInt() }
}

/** The network written in `text` as `address/prefix`; host bits may be set. Undefined if it is not a CIDR. */
export function parseCidr(text: string): Cidr | undefined {
  if (!text.includes('/')) return undefined
  const parsed = parse(text)
  if (!parsed) return undefined
  const { version, address } = parsed
  return {
    version,
    prefixLength: address.subnetMask,
    first: address.startAddress().bigInt(),
    last: address.endAddress().bigInt(),
  }
}

export function formatAddress({ version, number }: IpAddress): string {
  if (version === 6) return Address6.fromBigInt(number).correctForm()
  if (BigInt.asUintN(32, number) !== number) throw new RangeError(`${number} is no IPv4 address`)
  return [24, 16, 8, 0].map((bits) => (Number(number) >>> bits) & 255).join('.')
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress({ version: cidr.version, number: cidr.first })}/${cidr.prefixLength}`
}

/** The dotted netmask of an IPv4 network. */
export function netmask(cidr: Cidr): string {
  return formatAddress({ version: 4, number: 0xffffffffn ^ (cidr.last - cidr.first) })
}

export function contains(cidr: Cidr, address: IpAddress): boolean {
  return address.version === cidr.version && address.number >= cidr.first && address.number <= cidr.last
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.version === b.version && a.first <= b.last && b.first <= a.last
}

/** The address that a machine with this MAC forms in an IPv6 /64 (RFC 4291, appendix A). */
export function eui64Address({ first }: Cidr, mac: string): IpAddress {
  const [a, b, c, d, e, f] = mac.split(':').map((octet) => BigInt(`0x${octet}`)) as [bigint, ...bigint[]]
  const octets = [a ^ 0x02n, b!, c!, 0xffn, 0xfen, d!, e!, f!]
  return { version: 6, number: first + octets.reduce((sum, octet) => (sum << 8n) | octet, 0n) }
}

function parse(text: string): { version: 4; address: Address4 } | { version: 6; address: Address6 } | undefined {
  // A zone (`fe80::1%eth0`) means something on one host only; the library drops it, and reads `/064` as `/64`.
  if (/%|\/0./.test(text)) return undefined
  try {
    if (Address4.isValid(text)) return { version: 4, address: new Address4(text) }
    if (Address6.isValid(text)) return { version: 6, address: new Address6(text) }
  } catch {
    // Some malformed texts make the library throw instead of answering "not valid".
  }
  return undefined
}
