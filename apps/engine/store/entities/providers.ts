// Network providers, as rows.

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
  /** Its networks are taken over regularly. */
  readonly autoSync: boolean
  /** Nobody asks it anything. Counts for type external only. */
  readonly unmanaged: boolean
  readonly properties: Readonly<Record<string, string>>
}
