// The links that a configuration is made of, from the NICs up. A value: link-changes.ts compares it with the kernel.
import { lengthOfMask } from './ip-attributes.ts'
import { carrierOf, type NetworkAttributes, type NetworkConfiguration, southboundOf } from './network-configuration.ts'
import { bondOptions } from './setup-request.ts'

export interface WantedLink {
  readonly name: string
  /** What we make; undefined for a NIC, which is there already. */
  readonly made?: Made
  readonly master?: string
  readonly mtu: number
  /** A NIC that nobody used. */
  readonly down?: boolean
  /** undefined: what it has is left alone. */
  readonly addressing?: Addressing
}

export type Made =
  | { readonly kind: 'bridge'; readonly stp: boolean }
  | { readonly kind: 'vlan'; readonly base: string; readonly id: number }
  | { readonly kind: 'bond'; readonly options: readonly (readonly [string, string])[]; readonly hwaddr?: string }

export interface Addressing {
  /** With their lengths. */
  readonly addresses: readonly string[]
  readonly routes: readonly HostRoute[]
  readonly ipv6: 'off' | 'static' | 'autoconf'
}

export interface HostRoute {
  readonly family: 4 | 6
  /** As `ip route` takes and prints it, without its link: `default via 192.0.2.1`. */
  readonly route: string
}

export const defaultMtu = 1500

const unaddressed: Addressing = { addresses: [], routes: [], ipv6: 'off' }

/** NICs, bonds, VLANs, bridges: each after what it is on. */
export function layoutOf({ networks, bondings }: NetworkConfiguration): WantedLink[] {
  const named = Object.entries(networks)
  const bases = new Set([...Object.keys(bondings), ...named.flatMap(([, network]) => southboundOf(network) ?? [])])
  const on = (base: string) => named.filter(([, network]) => southboundOf(network) === base)
  const mtuOf = (base: string) => {
    const mtus = on(base).map(([, { mtu }]) => mtu)
    return mtus.length > 0 ? Math.max(...mtus) : defaultMtu
  }
  const base = (name: string, made?: Made): WantedLink => {
    const untagged = on(name).find(([, { vlan }]) => vlan === undefined)
    return { name, ...(made && { made }), mtu: mtuOf(name), ...(untagged && carrying(...untagged)) }
  }
  const nics = [...bases].filter((name) => !Object.hasOwn(bondings, name))
  return [
    ...nics.map((name) => base(name)),
    ...Object.entries(bondings).flatMap(([bond, { nics: ports }]) =>
      ports.map((name) => ({ name, master: bond, mtu: mtuOf(bond), addressing: unaddressed })),
    ),
    ...Object.entries(bondings).map(([bond, { options, hwaddr }]) =>
      base(bond, { kind: 'bond', options: bondOptions(bond, options), ...(hwaddr && { hwaddr }) }),
    ),
    ...named.flatMap(([name, network]) => vlanOf(name, network)),
    ...named.flatMap(([name, network]) => bridgeOf(name, network)),
  ]
}

/** What becomes of the link that carries a network. */
const carrying = (name: string, network: NetworkAttributes): Pick<WantedLink, 'master' | 'addressing'> =>
  network.bridged ? { master: name, addressing: unaddressed } : { addressing: addressingOf(network) }

function vlanOf(name: string, network: NetworkAttributes): WantedLink[] {
  const { vlan: id, mtu } = network
  if (id === undefined) return []
  const made = { kind: 'vlan', base: southboundOf(network)!, id } as const
  return [{ name: carrierOf(network)!, made, mtu, ...carrying(name, network) }]
}

function bridgeOf(name: string, network: NetworkAttributes): WantedLink[] {
  const { bridged, stp = false, mtu } = network
  return bridged ? [{ name, made: { kind: 'bridge', stp }, mtu, addressing: addressingOf(network) }] : []
}

/** Gateways are used by the network that has the default route. */
function addressingOf(network: NetworkAttributes): Addressing {
  const { ipaddr, netmask, ipv6addr, ipv6autoconf, defaultRoute, gateway, ipv6gateway } = network
  const route = (family: 4 | 6, via: string | undefined): HostRoute[] =>
    defaultRoute && via !== undefined ? [{ family, route: `default via ${via}` }] : []
  return {
    addresses: [...(ipaddr ? [`${ipaddr}/${lengthOfMask(netmask!)}`] : []), ...(ipv6addr ? [ipv6addr] : [])],
    routes: [...route(4, gateway), ...route(6, ipv6gateway)],
    ipv6: ipv6autoconf ? 'autoconf' : ipv6addr ? 'static' : 'off',
  }
}
