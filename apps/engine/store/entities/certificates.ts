// What lets hosts in, as rows.

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
