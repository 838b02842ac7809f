// A change of the host's links before it is made: what is to be done, and what it takes to undo it.
import { checkLinks } from './check-configuration.ts'
import type { Ipv6Setting, KernelState, LinkChange } from './kernel-links.ts'
import type { Addressing, WantedLink } from './layout.ts'
import { globalAddresses, linkChanges } from './link-changes.ts'
import type { BegunChange } from './network-store.ts'

export interface LinkPlan {
  readonly changes: readonly LinkChange[]
  /** How everything was that is none of ours. */
  readonly originals: Originals
}

export type Originals = Pick<BegunChange, 'nics' | 'routes'>

/** From the layout of before to the wanted one. Throws VDSM's errors when a link is missing, or somebody else's. */
export function planChange(seen: KernelState, before: readonly WantedLink[], wanted: readonly WantedLink[]): LinkPlan {
  checkLinks(seen.links, before, wanted)
  return { changes: linkChanges(seen, before, wanted), originals: originalsOf(seen, before, wanted) }
}

/** Back to the layout of before, however much of the change was made. */
export function planUndo(
  seen: KernelState,
  before: readonly WantedLink[],
  wanted: readonly WantedLink[],
  { nics, routes }: Originals,
): LinkChange[] {
  const originalOf = new Map(nics.map((nic) => [nic.name, nic]))
  const names = new Set(before.map(({ name }) => name))
  // A NIC with VLANs of ours only had addresses that were not ours.
  const back = before.map((link) => ({ ...link, addressing: link.addressing ?? originalOf.get(link.name)?.addressing }))
  return [
    ...linkChanges(seen, [...before, ...wanted], [...back, ...nics.filter(({ name }) => !names.has(name))]),
    ...routes.map(({ dev, family, route }) => ({ family, route: `route replace ${route} dev ${dev}` })),
  ]
}

function originalsOf(seen: KernelState, before: readonly WantedLink[], wanted: readonly WantedLink[]): Originals {
  const addressed = new Set(before.flatMap(({ name, addressing }) => (addressing ? [name] : [])))
  const taken = wanted.filter(({ name, made }) => !made && !addressed.has(name)).map(({ name }) => name)
  const ours = new Set([...before, ...wanted].map(({ name }) => name))
  return {
    nics: seen.links.filter(({ ifname }) => taken.includes(ifname)).map((link) => asItIs(link.ifname, seen)),
    // Setting ours replaces them.
    routes: [...seen.routes].flatMap(([dev, routes]) =>
      ours.has(dev)
        ? []
        : routes.filter(({ route }) => route.startsWith('default ')).map((route) => ({ dev, ...route })),
    ),
  }
}

function asItIs(name: string, { links, routes, setting }: KernelState): WantedLink {
  const link = links.find(({ ifname }) => ifname === name)!
  const addressing = {
    addresses: globalAddresses(link),
    routes: routes.get(name) ?? [],
    ipv6: ipv6Of((what) => setting(name, what)),
  }
  return {
    name,
    mtu: link.mtu,
    addressing,
    ...(link.master !== undefined && { master: link.master }),
    ...(!link.flags?.includes('UP') && { down: true }),
  }
}

function ipv6Of(setting: (what: Ipv6Setting) => string | undefined): Addressing['ipv6'] {
  if (setting('disable_ipv6') === '1') return 'off'
  return setting('accept_ra') !== '0' && setting('autoconf') === '1' ? 'autoconf' : 'static'
}
