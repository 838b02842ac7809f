// What VDSM's Host.setupNetworks takes.

export interface SetupParameters {
  /** By their names on the host; `{remove: true}` for one that is to go. */
  readonly networks: Readonly<Record<string, object>>
  readonly bondings: Readonly<Record<string, object>>
  readonly options: SetupOptions
}

export interface SetupOptions {
  readonly connectivityCheck: boolean
  /** Seconds. */
  readonly connectivityTimeout: number
  readonly commitOnSuccess: boolean
}
