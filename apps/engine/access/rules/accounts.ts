// Who may do what with users, roles and permissions, and who sees which events and jobs.
import { type NamedKind, objectCollections, on } from '../objects.ts'
import { predefinedRoles } from '../predefined-roles.ts'
import {
  administrators,
  all,
  anybody,
  lists,
  needs,
  onParam,
  type Rule,
  referenceIn,
  sees,
  type Target,
} from './rule.ts'

const administrativeIds = predefinedRoles.filter(({ administrative }) => administrative).map(({ id }) => id)
const managing = needs('manipulate_users')
const roles = needs('manipulate_roles')
const granting = (target?: Target) => needs('manipulate_permissions', target)

/** Oneself; all of them for whoever may give permissions. */
const seesUser = (param: string): Rule => ({
  checks: [
    async ({ rights, params }) =>
      rights.seesEverything ||
      params[param] === rights.userId ||
      rights.mayAnywhere('add_users_and_groups_from_directory'),
  ],
})

/** Whoever sets the password of an administrator can become that administrator. */
const notAboveOneself = (param: string): Rule => ({
  checks: [
    async ({ rights, params, tables }) => {
      if (rights.isUnlimited) return true
      const given = await tables.permissions.find({ principalId: params[param] ?? '' })
      const own = await tables.ownRoles.find({ administrative: true })
      const administrative = new Set([...own.map(({ id }) => id), ...administrativeIds])
      return !given.some(({ roleId }) => administrative.has(roleId))
    },
  ],
})

/** The things that a permission below a user or group names, by their ids: it will be refused unless it is one. */
const onNamed: Target = async ({ body }) => {
  const objects = (Object.keys(objectCollections) as NamedKind[]).flatMap((kind) => {
    const id = referenceIn(body, kind)?.id
    return id === undefined ? [] : [on(kind, id)]
  })
  return objects.length > 0 ? objects : undefined
}

/** The thing of a permission below a user or group. */
const onPermission: Target = async ({ params, tables }) => {
  const id = params.id ?? ''
  const permission = await tables.permissions.get(id)
  return [permission ? on(permission.objectType, permission.objectId) : on('vnic_profile', id)]
}

const permissionsOn = (collection: string, kind: NamedKind): Readonly<Record<string, Rule>> => ({
  [`GET /${collection}/:object/permissions`]: sees(kind, 'object'),
  [`GET /${collection}/:object/permissions/:id`]: sees(kind, 'object'),
  [`POST /${collection}/:object/permissions`]: granting(onParam(kind, 'object')),
  [`DELETE /${collection}/:object/permissions/:id`]: granting(onParam(kind, 'object')),
})

const permissionsOf = (collection: string, seesPrincipal: Rule): Readonly<Record<string, Rule>> => ({
  [`GET /${collection}/:principal/roles`]: seesPrincipal,
  [`GET /${collection}/:principal/roles/:id`]: seesPrincipal,
  [`GET /${collection}/:principal/permissions`]: seesPrincipal,
  [`GET /${collection}/:principal/permissions/:id`]: seesPrincipal,
  [`POST /${collection}/:principal/permissions`]: granting(onNamed),
  [`DELETE /${collection}/:principal/permissions/:id`]: granting(onPermission),
})

export const accountRules: Readonly<Record<string, Rule>> = {
  'GET /users': lists('user'),
  'GET /users/:id': seesUser('id'),
  'POST /users': managing,
  'PUT /users/:id': all(managing, notAboveOneself('id')),
  'DELETE /users/:id': all(managing, notAboveOneself('id')),
  'POST /users/:id/changepassword': { checks: [async ({ rights, params }) => params.id === rights.userId] },
  ...permissionsOf('users', seesUser('principal')),

  'GET /groups': anybody,
  'GET /groups/:id': anybody,
  ...permissionsOf('groups', administrators),
  'GET /domains': anybody,
  'GET /domains/:id': anybody,

  'GET /roles': anybody,
  'GET /roles/:id': anybody,
  'POST /roles': roles,
  'PUT /roles/:id': roles,
  'DELETE /roles/:id': roles,
  'GET /roles/:role/permits': anybody,
  'GET /roles/:role/permits/:id': anybody,
  'POST /roles/:role/permits': roles,
  'DELETE /roles/:role/permits/:id': roles,
  'GET /clusterlevels': anybody,
  'GET /clusterlevels/:id': anybody,

  'GET /permissions': administrators,
  'GET /permissions/:id': administrators,
  'POST /permissions': granting(),
  'DELETE /permissions/:id': granting(),
  ...Object.assign({}, ...Object.entries(objectCollections).map(([kind, of]) => permissionsOn(of, kind as NamedKind))),

  'GET /events': lists('event'),
  'GET /events/:id': lists('event'),
  'POST /events': needs('inject_external_events'),
  // Tells each reader what that reader may see.
  'GET /events/stream': anybody,
  'GET /jobs': lists('job'),
  'GET /jobs/:id': lists('job'),
  'GET /jobs/:job/steps': lists('job'),
  'GET /jobs/:job/steps/:id': lists('job'),
}
