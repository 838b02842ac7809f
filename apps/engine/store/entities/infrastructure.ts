// Where VMs run, as rows.

export interface DataCenter {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly comment: string
}

export interface Cluster {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly comment: string
  readonly dataCenterId: string
  readonly switchType: string
  /** The network provider that its hosts are set up for; '' for none. */
  readonly defaultProviderId: string
  readonly macPoolId: string
}

/** Of the connection to its agent. */
export type HostStatus = 'connecting' | 'up' | 'non_responsive'

/** What it is there for: only an active one gets VMs. */
export type HostDuty = 'active' | 'preparing_for_maintenance' | 'maintenance'

export interface Host {
  readonly id: string
  readonly name: string
  readonly comment: string
  /** Address and port of its agent. */
  readonly address: string
  readonly port: number
  readonly clusterId: string
  readonly status: HostStatus
  readonly duty: HostDuty
  /** Why it is not up. */
  readonly statusDetail: string
  /** What it was set up for has changed since. */
  readonly reinstallationRequired: boolean
}

/** What a host told of itself the last time. */
export interface HostCapability {
  /** The host's. */
  readonly id: string
  readonly capabilities: HostCapabilities
}

/** In VDSM's shapes; what a host does not tell is absent. */
export interface HostCapabilities {
  /** Networks it has been set up with, by VDSM's name. */
  readonly networks?: Readonly<Record<string, NetworkOnHost>>
  readonly nics?: Readonly<Record<string, LinkOnHost>>
  readonly bondings?: Readonly<Record<string, BondOnHost>>
  readonly vlans?: Readonly<Record<string, LinkOnHost & { readonly iface?: string; readonly vlanid?: number }>>
  readonly nameservers?: readonly string[]
  /** `True` where a reboot would change the networks. */
  readonly netConfigDirty?: string
  readonly ovnConfigured?: boolean
  readonly software_version?: string
  /** Ours: the drivers of VIFs it has. */
  readonly vifDrivers?: readonly {
    readonly name: string
    readonly version?: string
    readonly pluginTypes: readonly string[]
  }[]
  /** What drivers say that they can do, by plugin type (docs/vif-driver.md, CAPS-4); not checked. */
  readonly vif_driver_features?: Readonly<
    Record<string, { readonly network_types?: unknown; readonly features?: unknown } | undefined>
  >
  /** Scripts per hook point. */
  readonly hooks?: Readonly<Record<string, object>>
}

export interface LinkOnHost {
  readonly hwaddr?: string
  /** Mb/s. */
  readonly speed?: number
  readonly mtu?: string
  readonly addr?: string
  readonly netmask?: string
  readonly gateway?: string
  /** With their lengths. */
  readonly ipv6addrs?: readonly string[]
  readonly ipv6gateway?: string
  readonly ipv4defaultroute?: boolean
  readonly dhcpv4?: boolean
  readonly dhcpv6?: boolean
  readonly ipv6autoconf?: boolean
}

export interface BondOnHost extends LinkOnHost {
  readonly slaves?: readonly string[]
  readonly active_slave?: string
  readonly opts?: Readonly<Record<string, string>>
}

export interface NetworkOnHost extends LinkOnHost {
  /** The bridge, or the link where it is bridgeless. */
  readonly iface?: string
  readonly bridged?: boolean
  readonly ports?: readonly string[]
  /** The link that carries its frames: a NIC, a bond, or a VLAN on one. */
  readonly southbound?: string
  readonly vlanid?: number
  /** `legacy` or `ovs`. */
  readonly switch?: string
}

/** The id by which providers of a plugin type know a host. */
export interface HostBinding {
  /** `<host id>/<plugin type>`. */
  readonly id: string
  readonly hostId: string
  readonly pluginType: string
  readonly bindingHostId: string
}
