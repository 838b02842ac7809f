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
}

export type HostStatus = 'connecting' | 'up' | 'non_responsive'

export interface Host {
  readonly id: string
  readonly name: string
  readonly comment: string
  /** Address and port of its agent. */
  readonly address: string
  readonly port: number
  readonly clusterId: string
  readonly status: HostStatus
  /** Why it is not up. */
  readonly statusDetail: string
  /** What it was set up for has changed since. */
  readonly reinstallationRequired: boolean
}

/** The id by which providers of a plugin type know a host. */
export interface HostBinding {
  /** `<host id>/<plugin type>`. */
  readonly id: string
  readonly hostId: string
  readonly pluginType: string
  readonly bindingHostId: string
}

/** A network that a host says it has, by its name there. */
export interface HostNetwork {
  /** `<host id>/<name>`. */
  readonly id: string
  readonly hostId: string
  readonly vdsmName: string
}
