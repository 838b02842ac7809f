// The network part of a host's capabilities, in VDSM's shapes, read from the kernel.
import { existsSync, readFileSync } from 'node:fs'
import { run } from '@patchbay/vif-driver/command.ts'
import { type Link, readLinks } from '../network-setup/kernel-links.ts'
import {
  carrierOf,
  interfaceOf,
  type NetworkConfiguration,
  nothingSetUp,
} from '../network-setup/network-configuration.ts'
import { type NetworkStore, netConfigDirty } from '../network-setup/network-store.ts'
import type { Resolver } from '../network-setup/resolver.ts'
import { bondOptions } from '../network-setup/setup-request.ts'

/** As `ip -j -d addr show` prints them, and the default routes as `ip -j route show default` does. */
export interface NetworkFacts {
  readonly links: readonly Link[]
  readonly defaultRoutes: readonly Route[]
  readonly defaultRoutes6: readonly Route[]
  readonly nameservers: readonly string[]
  readonly supportsIPv6: boolean
  /** What Host.setupNetworks made. */
  readonly configuration: NetworkConfiguration
  /** Mb/s; 0 where the kernel does not know. */
  speedOf(link: string): number
}

export interface Route {
  readonly dev: string
  readonly gateway?: string
}

export async function networkCapabilities(store: NetworkStore, resolver: Resolver): Promise<Record<string, unknown>> {
  const ip = async <Item>(...args: string[]) => JSON.parse((await run(['ip', '-j', ...args])).trim() || '[]') as Item[]
  const [links, defaultRoutes, defaultRoutes6] = await Promise.all([
    readLinks(),
    ip<Route>('-4', 'route', 'show', 'default'),
    ip<Route>('-6', 'route', 'show', 'default'),
  ])
  const described = describeNetwork({
    links,
    configuration: store.state()?.running ?? nothingSetUp,
    defaultRoutes,
    defaultRoutes6,
    nameservers: resolver.servers(),
    supportsIPv6: existsSync('/proc/net/if_inet6'),
    speedOf: (link) => Math.max(Number(readText(`/sys/class/net/${link}/speed`) ?? 0), 0),
  })
  return { ...described, netConfigDirty: netConfigDirty(store) }
}

export function describeNetwork(facts: NetworkFacts): Record<string, unknown> {
  const { links, nameservers, supportsIPv6, speedOf, configuration } = facts
  const used = nicsOf(configuration)
  const kind = ({ linkinfo }: Link) => linkinfo?.info_kind
  const portsOf = (master: string) => links.filter((link) => link.master === master).map(({ ifname }) => ifname)
  const named = (chosen: (link: Link) => boolean, describe: (link: Link) => object) =>
    Object.fromEntries(
      links.filter(chosen).map((link) => [link.ifname, { ...describe(link), ...addressing(link, facts) }]),
    )
  const data = ({ linkinfo }: Link) => linkinfo?.info_data ?? {}
  return {
    networks: configuredNetworks(facts),
    nics: named(
      (link) => isNic(link, used),
      ({ ifname, address = '' }) => ({ hwaddr: address, speed: speedOf(ifname) }),
    ),
    bondings: named(
      (link) => kind(link) === 'bond',
      (link) => ({
        hwaddr: link.address ?? '',
        slaves: portsOf(link.ifname),
        active_slave: String(data(link).active_slave ?? ''),
        opts: optionsOf(link.ifname, configuration) ?? { mode: String(data(link).mode ?? '') },
        speed: speedOf(link.ifname),
        switch: 'legacy',
      }),
    ),
    vlans: named(
      (link) => kind(link) === 'vlan',
      (link) => ({ iface: link.link ?? '', vlanid: Number(data(link).id) }),
    ),
    bridges: named(
      (link) => kind(link) === 'bridge' && link.ifname !== ';vdsmdummy;',
      (link) => ({ ports: portsOf(link.ifname), stp: data(link).stp_state === 1 ? 'on' : 'off', opts: {} }),
    ),
    nameservers,
    supportsIPv6,
  }
}

/** In the words of the request, with what the kernel makes of them. One whose link is gone is not there, as in VDSM. */
function configuredNetworks(facts: NetworkFacts): Record<string, object> {
  const { links, configuration } = facts
  return Object.fromEntries(
    Object.entries(configuration.networks).flatMap(([name, network]) => {
      const link = links.find(({ ifname }) => ifname === interfaceOf(name, network))
      if (!link) return []
      const { bridged, stp, vlan } = network
      const ports = links.filter(({ master }) => master === link.ifname).map(({ ifname }) => ifname)
      const described = {
        iface: link.ifname,
        bridged,
        ...(bridged ? { ports, stp: stp ? 'on' : 'off' } : { interface: link.ifname }),
        southbound: carrierOf(network) ?? '',
        ...(vlan !== undefined && { vlanid: vlan }),
        switch: 'legacy',
        ...addressing(link, facts),
        // One that is not used, as the network has not the default route, is told all the same.
        ...(network.gateway !== undefined && { gateway: network.gateway }),
        dhcpv4: network.bootproto === 'dhcp',
        ipv6autoconf: network.ipv6autoconf,
      }
      return [[name, described]]
    }),
  )
}

/** Of a bond of ours: as they were asked for, whose words the kernel may not use. */
function optionsOf(name: string, { bondings }: NetworkConfiguration): Record<string, string> | undefined {
  const bond = Object.hasOwn(bondings, name) ? bondings[name] : undefined
  return bond && Object.fromEntries(bondOptions(name, bond.options))
}

const nicsOf = ({ networks, bondings }: NetworkConfiguration): Set<string> =>
  new Set([
    ...Object.values(networks).flatMap(({ nic }) => nic ?? []),
    ...Object.values(bondings).flatMap(({ nics }) => nics),
  ])

/** Hardware, what VDSM takes for such, and the veth by which a host in a laboratory reaches its network. */
function isNic({ ifname, link_type, linkinfo, master, addr_info }: Link, used: ReadonlySet<string>): boolean {
  if (used.has(ifname)) return true
  if (link_type !== 'ether' || /^(w|usb)/.test(ifname)) return false
  const kind = linkinfo?.info_kind
  return kind === undefined || /^(dummy|veth)_/.test(ifname) || (kind === 'veth' && !master && addr_info.length > 0)
}

/** All MTUs are strings, as in VDSM. Who gave an address is known of networks only. */
function addressing({ ifname, mtu, addr_info }: Link, { defaultRoutes, defaultRoutes6 }: NetworkFacts) {
  const of = (family: string) => addr_info.filter((address) => address.family === family && address.scope === 'global')
  const list = (family: string) => of(family).map(({ local, prefixlen }) => `${local}/${prefixlen}`)
  const [first] = of('inet')
  const route = defaultRoutes.find(({ dev }) => dev === ifname)
  return {
    mtu: String(mtu),
    addr: first?.local ?? '',
    netmask: first ? netmaskOf(first.prefixlen) : '',
    ipv4addrs: list('inet'),
    ipv6addrs: list('inet6'),
    gateway: route?.gateway ?? '',
    ipv6gateway: defaultRoutes6.find(({ dev }) => dev === ifname)?.gateway ?? '::',
    ipv4defaultroute: route !== undefined,
    dhcpv4: false,
    dhcpv6: false,
    ipv6autoconf: false,
  }
}

function netmaskOf(prefixLength: number): string {
  const mask = prefixLength === 0 ? 0 : (0xffff_ffff << (32 - prefixLength)) >>> 0
  return [24, 16, 8, 0].map((shift) => (mask >>> shift) & 0xff).join('.')
}

/** The link that packets to `address` leave by; '' when it cannot be told. */
export async function interfaceTowards(address: string): Promise<string> {
  try {
    const [route] = JSON.parse(await run(['ip', '-j', 'route', 'get', address])) as Route[]
    return route?.dev ?? ''
  } catch {
    return ''
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
