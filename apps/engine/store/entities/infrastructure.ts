// Where VMs run, as rows.

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
