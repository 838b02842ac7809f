// What the engine keeps: one type for each table.

export interface DataCenter {
  readonly id: string
  readonly name: string
  readonly description: string
}

export interface Cluster {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly dataCenterId: string
  readonly switchType: string
}

export type HostStatus = 'connecting' | 'up' | 'non_responsive'

export interface Host {
  readonly id: string
  readonly name: string
  /** Address and port of its agent. */
  readonly address: string
  readonly port: number
  readonly clusterId: string
  readonly status: HostStatus
  /** Why it is not up. */
  readonly statusDetail: string
}

/** The id by which providers of a plugin type know a host. */
export interface HostBinding {
  /** `<host id>/<plugin type>`. */
  readonly id: string
  readonly hostId: string
  readonly pluginType: string
  readonly bindingHostId: string
}

/** Lets a host get its first certificate. The id is the SHA-256 of the token. */
export interface EnrolmentTokenRow {
  readonly id: string
  readonly hostId: string
  /** ms since 1970. */
  readonly expires: number
  /** What it was used for; '' while it was not. */
  readonly certificateId: string
}

/** The id is the serial number. Rows outlive their host: a revoked certificate stays on the list until it ends. */
export interface HostCertificate {
  readonly id: string
  readonly hostId: string
  readonly pem: string
  /** SPKI, DER in base64. */
  readonly publicKey: string
  /** ms since 1970. */
  readonly notAfter: number
  /** ms since 1970; 0 while it is not. */
  readonly revokedAt: number
}

/** A network provider: the engine's entry for an external provider. */
export interface Provider {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly type: 'external' | 'neutron'
  readonly url: string
  readonly requiresAuthentication: boolean
  readonly username: string
  /** Encrypted. */
  readonly sealedPassword: string
  readonly authenticationUrl: string
  readonly tenantName: string
  /** This and the next two are for Identity v3; '' where there is none. */
  readonly userDomainName: string
  readonly projectName: string
  readonly projectDomainName: string
  readonly pluginType: string
  readonly readOnly: boolean
  readonly properties: Readonly<Record<string, string>>
}

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

export type VmStatus = 'down' | 'wait_for_launch' | 'up' | 'paused' | 'migrating' | 'powering_down' | 'unknown'

export interface Vm {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly clusterId: string
  readonly status: VmStatus
  /** Why it went down, if not because somebody wanted it. */
  readonly statusDetail: string
  /** Where it runs; '' when it does not. */
  readonly hostId: string
  /** Bytes. */
  readonly memory: number
  readonly customProperties: Readonly<Record<string, string>>
}

export interface Nic {
  readonly id: string
  readonly vmId: string
  readonly name: string
  readonly mac: string
  readonly model: string
  readonly linked: boolean
  readonly plugged: boolean
  /** Its provider keeps a port for it: it was connected before. */
  readonly hasPort: boolean
  /** '' for a NIC on no network. */
  readonly profileId: string
}

export interface WorkflowRow {
  readonly id: string
  readonly kind: string
  readonly state: Readonly<Record<string, unknown>>
  /** The step that is being done or undone. */
  readonly step: number
  readonly direction: 'forward' | 'undo'
  /** Why it is undone, told to whoever asks. */
  readonly error: string
  readonly correlationId: string
  readonly createdAt: string
}

export type Severity = 'normal' | 'warning' | 'error' | 'alert'

export interface EventRow {
  readonly id: string
  readonly code: number
  readonly severity: Severity
  readonly time: string
  readonly description: string
  readonly correlationId: string
}
