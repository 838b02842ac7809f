// Who may do what, as rows.
import type { PermitName } from './permits.ts'

/** What permissions are given on. */
export type ObjectKind =
  | 'system'
  | 'data_center'
  | 'cluster'
  | 'host'
  | 'vm'
  | 'template'
  | 'network'
  | 'vnic_profile'
  | 'mac_pool'

/** A user of the engine's own directory. */
export interface User {
  readonly id: string
  /** Without a domain: `alice`. */
  readonly principal: string
  /** With the domain: `alice@internal-authz`. */
  readonly userName: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly department: string
  /** As `hashPassword` writes it; '' for a user who cannot log in with a password of this table. */
  readonly passwordHash: string
  /** Else nobody can log in as this user. */
  readonly enabled: boolean
}

export interface OwnRole {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Whoever has such a role on anything sees everything. */
  readonly administrative: boolean
  readonly permits: readonly PermitName[]
}

export interface Role extends OwnRole {
  /** Predefined ones are not. */
  readonly mutable: boolean
  /** Whoever has it on a thing sees what belongs to that thing. */
  readonly showsChildren: boolean
}

/** A role of somebody on an object. */
export interface Permission {
  readonly id: string
  readonly roleId: string
  /** A user or a group. */
  readonly principalId: string
  readonly objectType: ObjectKind
  readonly objectId: string
}
