// Permissions: of the system, below each thing that they are given on, and below users and groups.
import { permissionType } from '@patchbay/ovirt-api/types/access.ts'
import type { FastifyInstance } from 'fastify'
import { everyone } from '../../access/directory.ts'
import { type AccessObject, type NamedKind, objectCollections, on, system } from '../../access/objects.ts'
import { Fault } from '../../faults.ts'
import type { PermissionService } from '../../services/access/permissions.ts'
import type { Permission } from '../../store/entities/access.ts'
import { type Params, registerResource } from '../http/resource-routes.ts'

export function registerPermissions(app: FastifyInstance, permissions: PermissionService): void {
  registerOn(app, '/permissions', permissions, () => system)
  for (const [kind, collection] of Object.entries(objectCollections) as [NamedKind, string][])
    registerOn(app, `/${collection}/:object/permissions`, permissions, ({ object }) => on(kind, object!))
  for (const collection of ['users', 'groups']) registerOf(app, `/${collection}/:principal/permissions`, permissions)
}

function registerOn(
  app: FastifyInstance,
  path: string,
  permissions: PermissionService,
  objectOf: (params: Params) => AccessObject,
): void {
  registerResource(app, {
    type: permissionType,
    path,
    present,
    list: (params) => permissions.ofObject(objectOf(params)),
    get: async (params) => one(await permissions.ofObject(objectOf(params)), params.id!),
    add: (request, params) => permissions.add(request, { object: objectOf(params) }),
    remove: (params) => permissions.remove(params.id!, objectOf(params)),
  })
}

function registerOf(app: FastifyInstance, path: string, permissions: PermissionService): void {
  const ofPrincipal = ({ principal }: Params) => permissions.ofPrincipal(principal!)
  registerResource(app, {
    type: permissionType,
    path,
    present,
    list: ofPrincipal,
    get: async (params) => one(await ofPrincipal(params), params.id!),
    add: (request, { principal }) => permissions.add(request, { principalId: principal! }),
    async remove(params) {
      await permissions.remove(one(await ofPrincipal(params), params.id!).id)
    },
  })
}

function one(all: readonly Permission[], id: string): Permission {
  const permission = all.find((each) => each.id === id)
  if (!permission) throw new Fault('NOT_FOUND', { what: 'Permission', id })
  return permission
}

const present = ({ roleId, principalId, objectType, objectId }: Permission) => ({
  value: {
    role: { id: roleId },
    ...(principalId === everyone.id ? { group: { id: principalId } } : { user: { id: principalId } }),
    ...(objectType !== 'system' && { [objectType]: { id: objectId } }),
  },
})
