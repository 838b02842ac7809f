// The network part of a host's capabilities, in VDSM's shapes, read from the kernel.
import { run } from '@patchbay/vif-driver/command.ts'

interface Link {
  readonly ifname: string
  readonly address?: string
  readonly mtu: number
  readonly master?: string
  readonly operstate: string
  readonly link_type: string
  readonly linkinfo?: { readonly info_kind?: string; readonly info_slave_kind?: string }
  readonly addr_info: readonly {
    readonly family: string
    readonly local: string
    readonly prefixlen: number
    readonly scope: string
  }[]
}

/** All MTUs are strings, as in VDSM. `networks` lists what Host.setupNetworks made; nothing, as that is not offered yet. */
export async function networkCapabilities(): Promise<Record<string, unknown>> {
  const links = JSON.parse(await run(['ip', '-j', '-d', 'addr', 'show'])) as Link[]
  const kind = ({ linkinfo }: Link) => linkinfo?.info_kind
  const named = (chosen: readonly Link[], describe: (link: Link) => object) =>
    Object.fromEntries(chosen.map((link) => [link.ifname, { ...addressing(link), ...describe(link) }]))
  const bridges = links.filter((link) => kind(link) === 'bridge')
  const nics = links.filter((link) => link.link_type === 'ether' && (kind(link) === undefined || isUplink(link)))
  return {
    networks: {},
    bondings: {},
    vlans: {},
    nics: named(nics, ({ address }) => ({ hwaddr: address, speed: 1000 })),
    bridges: named(bridges, ({ ifname }) => ({
      ports: links.filter(({ master }) => master === ifname).map((port) => port.ifname),
      stp: 'off',
      opts: {},
    })),
    nameservers: [],
    supportsIPv6: true,
    netConfigDirty: 'False',
  }
}

/** A veth that is no bridge port is how a host in a laboratory reaches its network. */
const isUplink = ({ linkinfo, master, addr_info }: Link) =>
  linkinfo?.info_kind === 'veth' && !master && addr_info.length > 0

function addressing({ mtu, addr_info }: Link) {
  const of = (family: string) => addr_info.filter((address) => address.family === family && address.scope === 'global')
  const list = (family: string) => of(family).map(({ local, prefixlen }) => `${local}/${prefixlen}`)
  return {
    mtu: String(mtu),
    addr: of('inet')[0]?.local ?? '',
    ipv4addrs: list('inet'),
    ipv6addrs: list('inet6'),
    dhcpv4: false,
    dhcpv6: false,
    ipv6autoconf: false,
    ipv4defaultroute: false,
    gateway: '',
    ipv6gateway: '::',
  }
}
