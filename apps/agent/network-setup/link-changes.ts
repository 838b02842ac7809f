// From the links that the kernel has to those that a layout wants: what is to be done, in order. Doing it again, after
// any part of it was done, does the rest; so a change that a crash cut short is undone by the same means.
import { type Ipv6Setting, ipv6Settings, type KernelState, type Link, type LinkChange } from './kernel-links.ts'
import { type Addressing, defaultMtu, type HostRoute, type Made, type WantedLink } from './layout.ts'

/**
 * `ours`: the links of the layouts that may be there now. What they have and `wanted` has not is removed, and their NICs
 * are let go. Whatever else is on the host, such as the taps on a bridge, is left alone.
 */
export function linkChanges(
  seen: KernelState,
  ours: readonly WantedLink[],
  wanted: readonly WantedLink[],
): LinkChange[] {
  const stale = staleLinks(seen.links, ours, wanted)
  const kept = new Map(seen.links.filter(({ ifname }) => !stale.includes(ifname)).map((link) => [link.ifname, link]))
  const wantedNames = new Set(wanted.map(({ name }) => name))
  const released = ours.filter(({ name, made }) => !made && !wantedNames.has(name) && kept.has(name))
  const ourNames = new Set([...ours, ...wanted].map(({ name }) => name))
  return [
    ...stale.map((name) => ({ ip: `link del ${name}` })),
    ...released.flatMap((nic) => releaseNic(nic, kept.get(nic.name)!, ourNames)),
    // Before links are taken down, which takes addresses and routes with it.
    ...wanted.flatMap((link) => takeAddresses(link, seen, kept.get(link.name))),
    ...wanted.flatMap(({ name, made }) => (made && !kept.has(name) ? [{ ip: makeLink(name, made) }] : [])),
    ...wanted.flatMap((link) => attach(link, kept, ourNames, wanted)),
    ...wanted.flatMap((link) => tune(link, kept.get(link.name))),
    ...wanted.flatMap((link) => giveAddresses(link, seen, kept.get(link.name))),
  ]
}

/** Ours that are not wanted, or not like this; the topmost first. A VLAN goes with what it is on. */
function staleLinks(links: readonly Link[], ours: readonly WantedLink[], wanted: readonly WantedLink[]): string[] {
  const stale = new Set<string>()
  const wantedMade = new Map(wanted.map(({ name, made }) => [name, made]))
  const oursMade = new Map(ours.map(({ name, made }) => [name, made]))
  for (const { name, made } of [...ours, ...wanted]) {
    const link = links.find(({ ifname }) => ifname === name)
    if (!link || !made) continue
    const want = wantedMade.get(name)
    const onStale = made.kind === 'vlan' && stale.has(made.base)
    if (!want || onStale || !isLike(link, want) || bondDiffers(oursMade.get(name), want)) stale.add(name)
  }
  return [...stale].reverse()
}

function isLike({ linkinfo, link }: Link, made: Made): boolean {
  if (linkinfo?.info_kind !== made.kind) return false
  return made.kind !== 'vlan' || (link === made.base && Number(linkinfo.info_data?.id) === made.id)
}

/** The mode of a bond cannot be changed while it has ports: it is made anew. */
const bondDiffers = (before: Made | undefined, want: Made) =>
  want.kind === 'bond' && before?.kind === 'bond' && JSON.stringify(before) !== JSON.stringify(want)

function releaseNic({ name, addressing }: WantedLink, link: Link, ours: ReadonlySet<string>): LinkChange[] {
  return [
    ...(link.master !== undefined && ours.has(link.master) ? [{ ip: `link set dev ${name} nomaster` }] : []),
    ...(link.mtu === defaultMtu ? [] : [{ ip: `link set dev ${name} mtu ${defaultMtu}` }]),
    ...(addressing ? globalAddresses(link).map((address) => ({ ip: `addr del ${address} dev ${name}` })) : []),
  ]
}

function makeLink(name: string, made: Made): string {
  switch (made.kind) {
    case 'bridge':
      return `link add name ${name} type bridge stp_state ${made.stp ? 1 : 0} forward_delay 0`
    case 'vlan':
      return `link add link ${made.base} name ${name} type vlan id ${made.id}`
    case 'bond': {
      const mac = made.hwaddr ? ` address ${made.hwaddr}` : ''
      return `link add name ${name}${mac} type bond ${made.options.flat().join(' ')}`
    }
  }
}

function attach(
  { name, master }: WantedLink,
  kept: ReadonlyMap<string, Link>,
  ours: ReadonlySet<string>,
  wanted: readonly WantedLink[],
): LinkChange[] {
  const now = kept.get(name)?.master
  if (master === undefined) return now !== undefined && ours.has(now) ? [{ ip: `link set dev ${name} nomaster` }] : []
  // One that is made anew is still seen here as its master.
  if (now === master && kept.has(master)) return []
  // A bond takes links that are down only, and brings them up.
  const toBond = wanted.find((other) => other.name === master)?.made?.kind === 'bond'
  return [...(toBond ? [{ ip: `link set dev ${name} down` }] : []), { ip: `link set dev ${name} master ${master}` }]
}

function tune({ name, made, mtu, down = false }: WantedLink, link: Link | undefined): LinkChange[] {
  const stp = made?.kind === 'bridge' && link && (link.linkinfo?.info_data?.stp_state === 1) !== made.stp
  return [
    ...(stp ? [{ ip: `link set dev ${name} type bridge stp_state ${made.stp ? 1 : 0}` }] : []),
    ...(link?.mtu === mtu ? [] : [{ ip: `link set dev ${name} mtu ${mtu}` }]),
    ...((link?.flags ?? []).includes('UP') === !down ? [] : [{ ip: `link set dev ${name} ${down ? 'down' : 'up'}` }]),
  ]
}

function takeAddresses({ name, addressing }: WantedLink, seen: KernelState, link: Link | undefined): LinkChange[] {
  if (!addressing || !link) return []
  const routes = seen.routes.get(name) ?? []
  const addresses = globalAddresses(link).filter((address) => !addressing.addresses.includes(address))
  return [
    ...routes
      .filter((route) => !includes(addressing.routes, route))
      .map(({ family, route }) => ({ family, route: `route del ${route} dev ${name}` })),
    // The first of a subnet would take the others with it.
    ...addresses.reverse().map((address) => ({ ip: `addr del ${address} dev ${name}` })),
  ]
}

function giveAddresses({ name, addressing }: WantedLink, seen: KernelState, link: Link | undefined): LinkChange[] {
  if (!addressing) return []
  const have = link ? globalAddresses(link) : []
  const routes = link ? (seen.routes.get(name) ?? []) : []
  const settings = settingsOf[addressing.ipv6]
  return [
    ...ipv6Settings
      .filter((setting) => !link || ![undefined, settings[setting]].includes(seen.setting(name, setting)))
      .map((setting) => ({ setting, link: name, value: settings[setting] })),
    ...addressing.addresses
      .filter((address) => !have.includes(address))
      .map((address) => ({ ip: `addr add ${address} ${address.includes(':') ? '' : 'brd + '}dev ${name}` })),
    ...addressing.routes
      .filter((route) => !includes(routes, route))
      .map(({ family, route }) => ({ family, route: `route replace ${route} dev ${name}` })),
  ]
}

const includes = (routes: readonly HostRoute[], { family, route }: HostRoute) =>
  routes.some((other) => other.family === family && other.route === route)

/** A link without addresses of its own has no IPv6 either, as in VDSM: a port of a bridge must not answer routers. */
const settingsOf: Readonly<Record<Addressing['ipv6'], Readonly<Record<Ipv6Setting, string>>>> = {
  off: { disable_ipv6: '1', accept_ra: '0', autoconf: '0' },
  static: { disable_ipv6: '0', accept_ra: '0', autoconf: '0' },
  autoconf: { disable_ipv6: '0', accept_ra: '2', autoconf: '1' },
}

/** Set by somebody, not by a router. */
export const globalAddresses = ({ addr_info }: Link): string[] =>
  addr_info
    .filter(({ scope, dynamic }) => scope === 'global' && !dynamic)
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
