// The body of a v3 login: who, how proved, and for which project.
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import { defaultDomain } from '../principal.ts'
import type { ProjectWish } from '../users/directory.ts'
import { IdentityError, unauthorized } from './identity-errors.ts'

export interface V3Login {
  readonly password?: { readonly user: { readonly name?: string; readonly id?: string }; readonly password: string }
  readonly token?: string
  /** undefined: the user's first project. */
  readonly project: ProjectWish | undefined
}

/** Throws what Keystone answers to a body that is no login. */
export function parseV3Login(body: unknown): V3Login {
  const auth = field(body, 'auth')
  const identity = field(auth, 'identity')
  const { methods } = identity
  if (!Array.isArray(methods) || methods.length === 0) throw invalid('identity.methods')
  const unknown = methods.find((method) => method !== 'password' && method !== 'token')
  if (unknown !== undefined) throw new IdentityError(401, `Attempted to authenticate with an unsupported method.`)
  return {
    ...(methods.includes('password') && { password: passwordOf(identity) }),
    ...(methods.includes('token') && { token: text(field(identity, 'token'), 'id') }),
    project: projectOf(auth.scope),
  }
}

function passwordOf(identity: Record<string, unknown>): NonNullable<V3Login['password']> {
  const user = field(field(identity, 'password'), 'user')
  const password = text(user, 'password')
  if (typeof user.id === 'string') return { user: { id: user.id }, password }
  refuseOtherDomain(user.domain)
  return { user: { name: text(user, 'name') }, password }
}

function projectOf(scope: unknown): ProjectWish | undefined {
  if (scope === undefined || scope === null || scope === 'unscoped' || (isObject(scope) && 'unscoped' in scope))
    return undefined
  if (!isObject(scope)) throw invalid('scope')
  // There are no roles on domains or on the system.
  if (!('project' in scope)) throw unauthorized()
  const project = field(scope, 'project')
  if (typeof project.id === 'string') return { id: project.id }
  refuseOtherDomain(project.domain)
  return { name: text(project, 'name') }
}

/** Names are looked up in a domain, and there is one. */
function refuseOtherDomain(domain: unknown): void {
  if (!isObject(domain)) throw invalid('domain')
  const { id = defaultDomain.id, name = defaultDomain.name } = domain
  const known = id === defaultDomain.id && String(name).toLowerCase() === defaultDomain.name.toLowerCase()
  if (!known) throw unauthorized()
}

function field(parent: unknown, name: string): Record<string, unknown> {
  const value = isObject(parent) ? parent[name] : undefined
  if (!isObject(value)) throw invalid(name)
  return value
}

function text(parent: Record<string, unknown>, name: string): string {
  const value = parent[name]
  if (typeof value !== 'string') throw invalid(name)
  return value
}

const invalid = (name: string) =>
  new IdentityError(
    400,
    `Expecting to find ${name} in the request body. The server could not comply with the request since it is either malformed or otherwise incorrect.`,
  )
