// Driver packages, the providers they are for, and what became of them on hosts, as rows.

export interface DriverPackage {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly pluginTypes: readonly string[]
  /** SHA-256 of the package, hex. */
  readonly digest: string
  /** Fingerprint of the publisher's key. */
  readonly signer: string
  /** Bytes. */
  readonly size: number
}

/** The package itself, apart from what lists show. The id is that of the package. */
export interface DriverPackageContent {
  readonly id: string
  /** In base64. */
  readonly content: string
}

/** The package that the hosts of a provider's clusters have. The id is that of the provider. */
export interface ProviderDriver {
  readonly id: string
  readonly packageId: string
  /** The driver's own options, the same on every host. */
  readonly options: Readonly<Record<string, string>>
}

export type DeploymentStatus = 'pending' | 'installing' | 'installed' | 'removing' | 'failed'

/** What a host has of a driver, or should have. */
export interface DriverDeployment {
  /** `<host id>/<driver name>`. */
  readonly id: string
  readonly hostId: string
  readonly packageId: string
  readonly name: string
  readonly version: string
  readonly digest: string
  readonly options: Readonly<Record<string, string>>
  readonly status: DeploymentStatus
  /** Percent of the package that the host has. */
  readonly progress: number
  /** Why it failed. */
  readonly detail: string
}
