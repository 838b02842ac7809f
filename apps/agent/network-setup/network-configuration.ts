// What Host.setupNetworks makes of a host, in VDSM's words: networks and bonds by name. A request changes some of them.

export interface NetworkConfiguration {
  readonly networks: Readonly<Record<string, NetworkAttributes>>
  readonly bondings: Readonly<Record<string, BondAttributes>>
}

/** With every default filled in, as VDSM hands it to hooks. */
export interface NetworkAttributes {
  readonly nic?: string
  readonly bonding?: string
  readonly vlan?: number
  readonly bridged: boolean
  readonly stp?: boolean
  readonly mtu: number
  readonly bootproto: string
  readonly ipaddr?: string
  readonly netmask?: string
  readonly gateway?: string
  /** With its prefix length. */
  readonly ipv6addr?: string
  readonly ipv6gateway?: string
  readonly dhcpv6: boolean
  readonly ipv6autoconf: boolean
  readonly defaultRoute: boolean
  readonly nameservers: readonly string[]
  readonly switch: string
  /** Network custom properties: for hooks, not for the agent. */
  readonly custom?: Readonly<Record<string, unknown>>
}

export interface BondAttributes {
  readonly nics: readonly string[]
  /** `mode=1 miimon=100` */
  readonly options: string
  readonly hwaddr?: string
  readonly switch: string
}

export interface Removal {
  readonly remove: true
}

export interface SetupRequest {
  readonly networks: Readonly<Record<string, NetworkAttributes | Removal>>
  readonly bondings: Readonly<Record<string, BondAttributes | Removal>>
  readonly options: SetupOptions
}

export interface SetupOptions {
  readonly connectivityCheck: boolean
  /** Seconds. */
  readonly connectivityTimeout: number
  readonly commitOnSuccess: boolean
  /** VDSM's mark of what hooks need not check: the configuration was good before. */
  readonly _inRollback?: boolean
}

export const nothingSetUp: NetworkConfiguration = { networks: {}, bondings: {} }

export const isRemoval = (asked: object): asked is Removal => 'remove' in asked

/** What the host has when the request is carried out: what is named replaces what was there by that name. */
export function changedBy({ networks, bondings }: NetworkConfiguration, request: SetupRequest): NetworkConfiguration {
  return { networks: replaced(networks, request.networks), bondings: replaced(bondings, request.bondings) }
}

function replaced<Item extends object>(
  before: Readonly<Record<string, Item>>,
  asked: Readonly<Record<string, Item | Removal>>,
): Record<string, Item> {
  const all = Object.entries<Item | Removal>({ ...before, ...asked })
  return Object.fromEntries(all.filter((entry): entry is [string, Item] => !isRemoval(entry[1])))
}

/** The NIC or bond that a network is on; undefined for a bridge without one. */
export const southboundOf = ({ nic, bonding }: NetworkAttributes): string | undefined => nic ?? bonding

/** The link that carries a network's frames, below its bridge if it has one. */
export function carrierOf(network: NetworkAttributes): string | undefined {
  const base = southboundOf(network)
  return base !== undefined && network.vlan !== undefined ? `${base}.${network.vlan}` : base
}

/** The link with a network's addresses. */
export const interfaceOf = (name: string, network: NetworkAttributes): string =>
  network.bridged ? name : carrierOf(network)!

/** What of a configuration can be had with these NICs, and the names of what cannot. */
export function haveableWith(nics: ReadonlySet<string>, { networks, bondings }: NetworkConfiguration) {
  const bonds = Object.entries(bondings).map(([name, bond]) => {
    return [name, { ...bond, nics: bond.nics.filter((nic) => nics.has(nic)) }] as const
  })
  const present = bonds.filter(([, bond]) => bond.nics.length > 0)
  const bases = new Set([...nics, ...present.map(([name]) => name)])
  const isHaveable = (network: NetworkAttributes) => {
    const base = southboundOf(network)
    return base === undefined || bases.has(base)
  }
  const all = Object.entries(networks)
  return {
    configuration: {
      networks: Object.fromEntries(all.filter(([, network]) => isHaveable(network))),
      bondings: Object.fromEntries(present),
    },
    missing: all.filter(([, network]) => !isHaveable(network)).map(([name]) => name),
  }
}
