// /roles with their permits, and /clusterlevels, where clients look for what permits there are.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { clusterLevelType, permitType, roleType } from '@patchbay/ovirt-api/types/access.ts'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../../faults.ts'
import type { RoleService } from '../../services/access/roles.ts'
import type { Role } from '../../store/entities/access.ts'
import { type PermitName, permitNamed, permitNames, permits } from '../../store/entities/permits.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerRoles(app: FastifyInstance, roles: RoleService): void {
  registerResource(app, {
    type: roleType,
    path: '/roles',
    present: presentRole,
    list: () => roles.list(),
    get: ({ id }) => roles.get(id!),
    add: (request) => roles.add(request),
    edit: (request, { id }) => roles.edit(id!, request),
    remove: ({ id }) => roles.remove(id!),
  })
  registerResource(app, {
    type: permitType,
    path: '/roles/:role/permits',
    present: ({ permit }: ShownPermit, href) => ({
      value: { ...presentPermit(permit), role: { id: href.split('/').at(-3)! } },
    }),
    list: async ({ role }) => (await roles.get(role!)).permits.map(shown),
    get: async ({ role, id }) => shown(permitOf(await roles.get(role!), id!)),
    add: async (request, { role }) => shown(await roles.addPermit(role!, request)),
    remove: async ({ role, id }) => roles.removePermit(role!, permitOf(await roles.get(role!), id!)),
  })
  registerResource(app, {
    type: clusterLevelType,
    path: '/clusterlevels',
    present: () => ({
      value: { permits: permitNames.map((name) => ({ id: String(permits[name].id), ...presentPermit(name) })) },
    }),
    list: async () => clusterLevels,
    async get({ id }) {
      const level = clusterLevels.find((each) => each.id === id)
      if (!level) throw new Fault('NOT_FOUND', { what: 'Cluster level', id: id! })
      return level
    },
  })
}

/** The real engine's; here all are the same. */
const clusterLevels = ['4.2', '4.3', '4.4', '4.5', '4.6', '4.7'].map((id) => ({ id }))

interface ShownPermit {
  readonly id: string
  readonly permit: PermitName
}

const shown = (permit: PermitName): ShownPermit => ({ id: String(permits[permit].id), permit })

function permitOf(role: Role, id: string): PermitName {
  const permit = permitNamed({ id })
  if (!permit || !role.permits.includes(permit)) throw new Fault('NOT_FOUND', { what: 'Permit', id })
  return permit
}

const presentPermit = (name: PermitName) => ({ name, administrative: permits[name].isAdministrative })

/** Wherever it is listed, it is one of `/roles`. */
export function presentRole({ id, name, description, administrative, mutable }: Role) {
  return {
    value: { name, description, administrative, mutable },
    shown: { links: { permits: `${apiPath}/roles/${id}/permits` } },
  }
}
