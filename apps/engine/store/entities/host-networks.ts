// The networks that are attached to interfaces of hosts, as rows.

export interface NetworkAttachment {
  readonly id: string
  readonly hostId: string
  readonly networkId: string
  /** The NIC or bond; a VLAN of the network is on it. */
  readonly nicName: string
  /** At most one of each version. */
  readonly ipAssignments: readonly IpAssignment[]
  /** Those of the network, where there are none. */
  readonly nameServers: readonly string[]
  /** Network custom properties. */
  readonly properties: Readonly<Record<string, string>>
  /** What the host has yet to do: the network changed, or is to go. '' for nothing. */
  readonly awaits: '' | 'sync' | 'detach'
}

/** A label of a NIC or bond: networks of the cluster with the same are on it. */
export interface NicLabel {
  /** `<host id>/<label>`: a host has it on one interface. */
  readonly id: string
  readonly hostId: string
  readonly nicName: string
  readonly label: string
}

export interface IpAssignment {
  readonly version: 'v4' | 'v6'
  readonly method: BootProtocol
  /** '' for what is not there, in all three. */
  readonly address: string
  /** Of IPv6: the length of the prefix. */
  readonly netmask: string
  readonly gateway: string
}

/** `autoconf` and `poly_dhcp_autoconf` (both at once) are of IPv6. */
export type BootProtocol = 'none' | 'static' | 'dhcp' | 'autoconf' | 'poly_dhcp_autoconf'
