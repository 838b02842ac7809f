// Who of an oVirt engine's users may do what here: rules from user names and groups to roles in projects.
import { readFileSync } from 'node:fs'
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import { type Role, roles } from '../principal.ts'
import type { Account, Assignment } from '../users/directory.ts'
import { idOf } from '../users/own-users.ts'

/** Of `user` and `group` at least one is there; where both are, both must hold. */
export interface OvirtRule {
  /** Fits the whole name, with its profile: `admin@internal`. */
  readonly user?: RegExp
  /** Name of a group that the user is in, directly or through others. */
  readonly group?: string
  readonly project: string
  readonly roles: readonly Role[]
}

export interface OvirtUser {
  /** With its profile. */
  readonly name: string
  /** Names. */
  readonly groups: readonly string[]
}

/** The engine's first administrator, as it is called without and with Keycloak. */
export const usualRules: readonly OvirtRule[] = [
  { user: /^(?:admin@internal|admin@ovirt@internalsso)$/u, project: 'admin', roles: ['admin'] },
]

/** In the order of the rules: the first project is that of a login that names none. */
export function accountOf(rules: readonly OvirtRule[], { name, groups }: OvirtUser): Account {
  const projects = new Map<string, Set<Role>>()
  for (const { user, group, project, roles: given } of rules) {
    if ((user && !user.test(name)) || (group !== undefined && !groups.includes(group))) continue
    projects.set(project, new Set([...(projects.get(project) ?? []), ...given]))
  }
  const assignments = [...projects].map(
    ([project, given]): Assignment => ({
      project: { id: idOf('project', project), name: project },
      roles: roles.filter((role) => given.has(role)),
    }),
  )
  return { id: idOf('user', name), name, assignments }
}

/** `{"rules": [{"user": "…", "group": "…", "project": "…", "roles": ["…"]}]}`. `option` is how the mistakes call the file. */
export function readOvirtRules(file: string, option: string, mistakes: string[]): OvirtRule[] {
  try {
    const body: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const rules = isObject(body) ? body.rules : undefined
    if (!Array.isArray(rules)) throw new Error('it is not of the form {"rules": […]}')
    return rules.map(ruleOf)
  } catch (error) {
    mistakes.push(`${option}: ${file}: ${(error as Error).message}`)
    return []
  }
}

function ruleOf(value: unknown, index: number): OvirtRule {
  const wrong = (what: string) => new Error(`rule ${index + 1} ${what}`)
  if (!isObject(value)) throw wrong('is no object')
  const { user, group, project, roles: given, ...others } = value
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw wrong(`has "${unknown}", which is not one of user, group, project, roles`)
  if (user === undefined && group === undefined) throw wrong('names neither a user nor a group')
  if (![user, group].every((name) => name === undefined || typeof name === 'string'))
    throw wrong('has a user or group that is no text')
  if (typeof project !== 'string' || project === '') throw wrong('names no project')
  if (!Array.isArray(given) || given.length === 0 || !given.every((role) => roles.includes(role)))
    throw wrong(`must have roles out of ${roles.join(', ')}`)
  return {
    ...(user !== undefined && { user: new RegExp(`^(?:${user})$`, 'u') }),
    ...(group !== undefined && { group: group as string }),
    project,
    roles: given,
  }
}
