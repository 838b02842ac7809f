// /users, /groups and /domains: who may use the engine.
import { text } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { domainType, groupType, roleType, userType } from '@patchbay/ovirt-api/types/access.ts'
import type { FastifyInstance } from 'fastify'
import { domain, encodedId, everyone } from '../../access/directory.ts'
import { system } from '../../access/objects.ts'
import { Fault } from '../../faults.ts'
import { userSearch } from '../../search/searchables.ts'
import type { PermissionService } from '../../services/access/permissions.ts'
import type { RoleService } from '../../services/access/roles.ts'
import type { UserService } from '../../services/access/users.ts'
import type { PasswordCheck } from '../../sso/password-check.ts'
import type { User } from '../../store/entities/access.ts'
import { tokenOf } from '../http/authentication.ts'
import { type Params, registerAction, registerResource } from '../http/resource-routes.ts'
import { presentRole } from './roles.ts'

const ownDomain = { id: encodedId(domain), name: domain }
const groups = [everyone]

/** `passwords` undefined: authentication is off. */
export function registerUsers(app: FastifyInstance, users: UserService, passwords: PasswordCheck | undefined): void {
  registerResource(app, {
    type: userType,
    path: '/users',
    present: (user: User, href) => ({ value: presentUser(user), shown: { links: linksOf(href) } }),
    search: userSearch,
    list: (_params, wanted) => users.list(wanted),
    get: ({ id }) => users.get(id!),
    add: (request) => users.add(request),
    edit: (request, { id }) => users.edit(id!, request),
    remove: ({ id }) => users.remove(id!),
  })
  registerAction(app, '/users/:id/changepassword', ({ id }, body, request) => {
    const change = readElements({ password: text, new_password: text }, body, 'action')
    return users.changePassword(id!, change, passwords, tokenOf(request))
  })
  registerResource(app, {
    type: groupType,
    path: '/groups',
    present: (group: typeof everyone, href) => ({
      value: { name: group.name, namespace: '*', domain_entry_id: encodedId(group.id) },
      shown: { links: linksOf(href) },
    }),
    list: async () => groups,
    get: async ({ id }) => one(groups, 'Group', id!),
  })
  registerResource(app, {
    type: domainType,
    path: '/domains',
    present: ({ name }: typeof ownDomain) => ({ value: { name } }),
    list: async () => [ownDomain],
    get: async ({ id }) => one([ownDomain], 'Domain', id!),
  })
}

/** The roles that somebody has on the system. */
export function registerRolesOf(app: FastifyInstance, permissions: PermissionService, roles: RoleService): void {
  for (const collection of ['users', 'groups']) {
    const rolesOf = async ({ principal }: Params) => {
      const all = await permissions.ofPrincipal(principal!)
      return Promise.all(all.filter(({ objectId }) => objectId === system.id).map(({ roleId }) => roles.get(roleId)))
    }
    registerResource(app, {
      type: roleType,
      path: `/${collection}/:principal/roles`,
      present: (role, _href) => presentRole(role),
      list: rolesOf,
      get: async (params) => one(await rolesOf(params), 'Role', params.id!),
    })
  }
}

const linksOf = (href: string) => ({ permissions: `${href}/permissions`, roles: `${href}/roles` })

function one<Row extends { readonly id: string }>(rows: readonly Row[], what: string, id: string): Row {
  const row = rows.find((each) => each.id === id)
  if (!row) throw new Fault('NOT_FOUND', { what, id })
  return row
}

const presentUser = (user: User) => ({
  user_name: user.userName,
  principal: user.principal,
  name: user.firstName,
  last_name: user.lastName,
  email: user.email,
  department: user.department,
  namespace: '*',
  domain_entry_id: encodedId(user.id),
  domain: ownDomain,
  enabled: user.enabled,
})
