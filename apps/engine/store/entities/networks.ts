// Networks, where they are attached, and their vNIC profiles, as rows.

export interface Network {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly dataCenterId: string
  readonly providerId: string
  /** The provider's id of it. */
  readonly externalId: string
  /** Bytes; 0: the default of tunnelled networks. */
  readonly mtu: number
  readonly vdsmName: string
}

export interface NetworkCluster {
  /** `<network id>/<cluster id>`. */
  readonly id: string
  readonly networkId: string
  readonly clusterId: string
}

export interface VnicProfile {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly networkId: string
  readonly customProperties: Readonly<Record<string, string>>
}
