// The addresses of a network in a request of Host.setupNetworks: checked, and in one form.
import { isIPv4, isIPv6 } from 'node:net'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { NetworkAttributes } from './network-configuration.ts'

type IpAttributes = Pick<NetworkAttributes, 'ipaddr' | 'netmask' | 'gateway' | 'ipv6addr' | 'ipv6gateway'>

/** `of`: whose they are, for errors. Throws NetworkBadAddress. */
export function ipAttributes(of: string, asked: Readonly<Record<string, unknown>>): IpAttributes {
  const bad = (reason: string) => vdsmError('NetworkBadAddress', `${of}: ${reason}`)
  const given = (name: string) => {
    const value = asked[name]
    return value === undefined || value === null || value === '' ? undefined : String(value)
  }
  const address = given('ipaddr')
  const gateway = given('gateway')
  const ipv6addr = given('ipv6addr')
  const ipv6gateway = given('ipv6gateway')
  const netmask = given('netmask') ?? (given('prefix') && maskOfLength(Number(given('prefix'))))

  if (address !== undefined && !isIPv4(address)) throw bad(`${address} is no IPv4 address`)
  if (address !== undefined && netmask === undefined) throw bad('an address needs a netmask or a prefix')
  if (address === undefined && (netmask ?? gateway) !== undefined) throw bad('netmask and gateway need an address')
  if (netmask !== undefined && lengthOfMask(netmask) === undefined) throw bad(`${netmask} is no netmask`)
  if (gateway !== undefined && !isIPv4(gateway)) throw bad(`the gateway ${gateway} is no IPv4 address`)
  if (ipv6addr !== undefined && !isIPv6WithLength(ipv6addr)) throw bad(`${ipv6addr} is no IPv6 address with its length`)
  if (ipv6gateway !== undefined && (ipv6addr === undefined || !isIPv6(ipv6gateway) || ipv6gateway.includes('%')))
    throw bad(`the gateway ${ipv6gateway} is no IPv6 address, or there is no ipv6addr`)
  return {
    ...(address !== undefined && { ipaddr: address, netmask: netmask! }),
    ...(gateway !== undefined && { gateway }),
    ...(ipv6addr !== undefined && { ipv6addr: asPrinted(ipv6addr) }),
    ...(ipv6gateway !== undefined && { ipv6gateway: asPrinted(ipv6gateway) }),
  }
}

/** As the kernel prints it: 2001:db8::5 of 2001:DB8:0::05. */
function asPrinted(ipv6: string): string {
  const [address, length] = ipv6.split('/')
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  return length === undefined ? short : `${short}/${Number(length)}`
}

/** 24 of 255.255.255.0; undefined of what is no netmask. */
export function lengthOfMask(netmask: string): number | undefined {
  const lengths = Array.from({ length: 33 }, (_, length) => length)
  return lengths.find((length) => maskOfLength(length) === netmask)
}

/** 255.255.255.0 of 24; a text that is no netmask of what is no length. */
export function maskOfLength(length: number): string {
  if (!Number.isInteger(length) || length < 0 || length > 32) return `/${length}`
  const mask = length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0
  return [24, 16, 8, 0].map((shift) => (mask >>> shift) & 0xff).join('.')
}

function isIPv6WithLength(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/')
  return more.length === 0 && isIPv6(address) && !address.includes('%') && /^\d{1,3}$/.test(length) && +length <= 128
}
