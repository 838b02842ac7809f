// Ports that this engine made, as rows: by them it knows its own among those of others on the same provider.

/** A row stays until neither the vNIC nor a port of it has been seen for a while. */
export interface PortMade {
  /** `<vNIC id>@<provider id>`. */
  readonly id: string
  readonly nicId: string
  readonly providerId: string
  readonly nicName: string
  /** ms since 1970; 0 while there is the vNIC or a port. */
  readonly missingSince: number
}
