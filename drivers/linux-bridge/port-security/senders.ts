// Who a port may send as: from each MAC of its own, with which addresses. The port's fixed addresses, what its allowed
// address pairs add, and for IPv6 the link-local address that follows from the MAC.
import { eui64Address, formatAddress, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Attachment } from '../attachments.ts'

export interface Sender {
  readonly mac: string
  /** Addresses and networks, as nft takes them. */
  readonly ipv4: readonly string[]
  readonly ipv6: readonly string[]
}

const linkLocal = parseCidr('fe80::/64')!

/** The port's own MAC comes first. */
export function sendersOf({ mac, fixedIps, allowedPairs = [] }: Attachment): Sender[] {
  const fixed = fixedIps.map(({ ip_address }) => ip_address)
  const others = new Set(allowedPairs.map((pair) => pair.mac_address).filter((each) => each !== mac))
  const added = (to: string) => allowedPairs.filter((pair) => pair.mac_address === to).map((pair) => pair.ip_address)
  return [sender(mac, [...fixed, ...added(mac)]), ...[...others].map((each) => sender(each, added(each)))]
}

function sender(mac: string, addresses: readonly string[]): Sender {
  const known = [...new Set(addresses)]
  const own = formatAddress(eui64Address(linkLocal, mac))
  return {
    mac,
    ipv4: known.filter((address) => versionOf(address) === 4),
    ipv6: [...new Set([own, ...known.filter((address) => versionOf(address) === 6)])],
  }
}

const versionOf = (address: string) => (parseCidr(address) ?? parseAddress(address))?.version

/** An address or network as the number, or range of numbers, that nft compares bytes of a packet with. */
export function asNumbers(address: string): string {
  const network = parseCidr(address)
  const hex = (number: bigint) => `0x${number.toString(16).padStart(32, '0')}`
  return network ? `${hex(network.first)}-${hex(network.last)}` : hex(parseAddress(address)!.number)
}
