// The audit log, as rows.

export type Severity = 'normal' | 'warning' | 'error' | 'alert'

/** What an event is about, under the names of that moment; '' for what it is not about. */
export interface EventLinks {
  readonly vmId: string
  readonly vmName: string
  readonly hostId: string
  readonly hostName: string
  readonly clusterId: string
  readonly clusterName: string
  readonly dataCenterId: string
  readonly dataCenterName: string
  readonly templateId: string
  readonly templateName: string
}

export interface EventRow extends EventLinks {
  readonly id: string
  readonly code: number
  readonly severity: Severity
  readonly time: string
  readonly description: string
  readonly correlationId: string
  /** Counts them, in the order in which they happened. */
  readonly sequence: number
  /** Whose request it comes from, with the profile; '' for what the engine does by itself. */
  readonly userName: string
  /** Of an event that somebody else's software added, and what that calls it; '' for the engine's own. */
  readonly origin: string
  readonly customId: string
  /** Seconds. */
  readonly floodRate: number
}
