// What one user may do and see: the roles that the user and Everyone have, and on what.
import type { Role } from '../store/entities/access.ts'
import type { PermitName } from '../store/entities/permits.ts'
import type { Tables } from '../store/store.ts'
import { everyone } from './directory.ts'
import { type AccessObject, pathOf, system } from './objects.ts'
import { predefinedRoles, superUserId, vnicProfileUserId } from './predefined-roles.ts'

export interface Rights {
  /** With the profile: `alice@internal`. */
  readonly name: string
  /** '' for an administrator who is not in the database yet. */
  readonly userId: string
  /** May do everything: nothing needs to be looked up. */
  readonly isUnlimited: boolean
  /** As in oVirt, whoever administers anything. */
  readonly seesEverything: boolean
  /** Ids of roles that show what belongs to their thing, and of those that show the networks in it. */
  readonly roleIds: { readonly showing: readonly string[]; readonly connecting: readonly string[] }
  readonly grants: readonly Grant[]
  /** On the object, or on what it belongs to. */
  may(permit: PermitName, object: AccessObject): Promise<boolean>
  /** On anything at all. */
  mayAnywhere(permit: PermitName): boolean
}

/** A role on an object. */
export interface Grant {
  readonly role: Role
  readonly objectId: string
}

export function rightsFrom(tables: Tables, name: string, userId: string, grants: readonly Grant[]): Rights {
  const isUnlimited = grants.some(({ role, objectId }) => role.id === superUserId && objectId === system.id)
  const rolesOn = Map.groupBy(grants, ({ objectId }) => objectId)
  const allows = (permit: PermitName, objectId: string) =>
    (rolesOn.get(objectId) ?? []).some(({ role }) => role.permits.includes(permit))
  const idsOf = (roles: readonly Grant[]) => [...new Set(roles.map(({ role }) => role.id))]
  return {
    name,
    userId,
    isUnlimited,
    grants,
    seesEverything: grants.some(({ role }) => role.administrative),
    roleIds: {
      showing: idsOf(grants.filter(({ role }) => role.showsChildren)),
      connecting: idsOf(grants.filter(({ role }) => role.permits.includes('configure_vm_network'))),
    },
    async may(permit, object) {
      if (isUnlimited || allows(permit, system.id)) return true
      for (const { kind, id } of await pathOf(tables, object))
        if (allows(permit, id) || (kind === 'vnic_profile' && (await isOpen(tables, permit, id)))) return true
      return false
    },
    mayAnywhere: (permit) => isUnlimited || grants.some(({ role }) => role.permits.includes(permit)),
  }
}

/** Those of somebody who may do everything. */
export const unlimitedRights = (tables: Tables, name: string): Rights =>
  rightsFrom(tables, name, '', [{ role: predefinedRoles.find(({ id }) => id === superUserId)!, objectId: system.id }])

/** Everyone is VnicProfileUser on profiles for public use. */
async function isOpen({ vnicProfiles }: Tables, permit: PermitName, id: string): Promise<boolean> {
  const { permits } = predefinedRoles.find((role) => role.id === vnicProfileUserId)!
  return permits.includes(permit) && (await vnicProfiles.get(id))?.publicUse === true
}

export const principalsOf = ({ userId }: Pick<Rights, 'userId'>) => [userId, everyone.id]
