// Addresses of a host on its networks: as flags give them, as the API has them, as tables show them.
import { isIPv6 } from 'node:net'
import type { Item } from '../session/session.ts'
import type { Flags } from '../session/verb.ts'

const versionOf = (address: string) => (isIPv6(address) ? 'v6' : 'v4')

/** undefined where nothing is said. */
export function assignmentsOf({ address, gateway = [], dhcp }: Flags): Item[] | undefined {
  if (address === false) return []
  if (address === undefined && !dhcp) return undefined
  const gateways: readonly string[] = gateway
  const fixed = ((address ?? []) as string[]).map((text) => {
    const [ip = '', length] = text.split('/')
    if (!/^\d{1,3}$/.test(length ?? ''))
      throw new Error(`"${text}" is no address with a length: 10.1.0.5/24 was expected`)
    const version = versionOf(ip)
    const by = gateways.find((each) => versionOf(each) === version)
    const netmask = version === 'v6' ? length! : netmaskOf(Number(length))
    return { assignment_method: 'static', ip: { version, address: ip, netmask, ...(by && { gateway: by }) } }
  })
  return dhcp ? [{ assignment_method: 'dhcp', ip: { version: 'v4' } }, ...fixed] : fixed
}

/** `10.1.0.5/255.255.255.0 via 10.1.0.1`, or how it gets one. */
export function shownAssignment({ assignment_method: method, ip }: Item): string {
  if (method !== 'static') return ip?.version === 'v6' ? `${method} (IPv6)` : method
  return `${ip.address}/${ip.netmask}${ip.gateway ? ` via ${ip.gateway}` : ''}`
}

/** 24 → 255.255.255.0; nonsense stays, for the engine to refuse. */
function netmaskOf(length: number): string {
  if (length > 32) return String(length)
  const bits = '1'.repeat(length).padEnd(32, '0')
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.')
}
