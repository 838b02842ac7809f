// Networks, where they are attached, and their vNIC profiles, as rows.

/** '' in `providerId`, `externalId` and `physicalNetworkId` for what is not there: a network of the engine's own has none. */
export interface Network {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly comment: string
  readonly dataCenterId: string
  /** The provider of an external network. */
  readonly providerId: string
  /** The provider's id of it. */
  readonly externalId: string
  /** The network of this data center that it is linked to on hosts. */
  readonly physicalNetworkId: string
  /** Bytes; 0: the default. */
  readonly mtu: number
  readonly vlanId: number | null
  readonly vmNetwork: boolean
  readonly stp: boolean
  readonly portIsolation: boolean
  /** '' for none. */
  readonly label: string
  /** Name servers of hosts. */
  readonly dnsServers: readonly string[]
  readonly vdsmName: string
}

/** What a network is for in a cluster. */
export interface NetworkRoles {
  readonly required: boolean
  readonly display: boolean
  readonly migration: boolean
  readonly management: boolean
  readonly defaultRoute: boolean
  readonly gluster: boolean
}

export interface NetworkCluster extends NetworkRoles {
  /** `<network id>/<cluster id>`. */
  readonly id: string
  readonly networkId: string
  readonly clusterId: string
}

export interface VnicProfile {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly comment: string
  readonly networkId: string
  readonly customProperties: Readonly<Record<string, string>>
  readonly portMirroring: boolean
  readonly passThrough: boolean
  /** Of pass-through vNICs: their VM may migrate. */
  readonly migratable: boolean
  /** Every user may use it. */
  readonly publicUse: boolean
  /** '' for none, in both. */
  readonly networkFilterId: string
  readonly failoverId: string
}
