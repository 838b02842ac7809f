// VMs and their vNICs, as rows.

export type VmStatus =
  | 'down'
  | 'wait_for_launch'
  | 'powering_up'
  | 'up'
  | 'paused'
  | 'migrating'
  | 'powering_down'
  | 'reboot_in_progress'
  | 'saving_state'
  | 'suspended'
  | 'restoring_state'
  | 'unknown'

export interface Vm {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly comment: string
  readonly clusterId: string
  /** What it was made from. */
  readonly templateId: string
  readonly status: VmStatus
  /** Why it went down, if not because somebody wanted it. */
  readonly statusDetail: string
  /** Where it runs; '' when it does not. */
  readonly hostId: string
  /** Bytes. */
  readonly memory: number
  readonly customProperties: Readonly<Record<string, string>>
  /** While it is suspended: the handle of its saved state, and the host that has it. */
  readonly savedState: string
  readonly savedOn: string
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
  /** How its host was told to wire it, as a digest; '' when it was never told. */
  readonly wiredAs: string
  readonly filterParameters: readonly FilterParameter[]
}

/** Of the network filter of its profile. */
export interface FilterParameter {
  readonly id: string
  readonly name: string
  readonly value: string
}
