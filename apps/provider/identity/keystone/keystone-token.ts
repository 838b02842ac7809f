// What Keystone says about a token, as we understand it.
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import { type Principal, type Project, roles, type User } from '../principal.ts'
import type { RemoteToken } from '../tokens/remote-verifier.ts'

/** The body of `GET` and `POST /v3/auth/tokens`; undefined when it is not one of Keystone's. */
export function readKeystoneToken(body: unknown): RemoteToken | undefined {
  const token = isObject(body) ? body.token : undefined
  if (!isObject(token) || typeof token.expires_at !== 'string') return undefined
  const expiresAt = Date.parse(token.expires_at)
  const user = named(token.user)
  if (Number.isNaN(expiresAt) || !user) return undefined
  // Tokens for a domain, for the system or for nothing at all have no project.
  const project = named(token.project)
  const given = rolesOf(token.roles)
  return { principal: project && given.length > 0 ? { user, project, roles: given } : undefined, expiresAt }
}

/** Only ours, in any case, as Keystone compares them. */
function rolesOf(given: unknown): Principal['roles'] {
  const names = Array.isArray(given) ? given.map((role) => named(role)?.name.toLowerCase()) : []
  return roles.filter((role) => names.includes(role))
}

function named(value: unknown): (User & Project) | undefined {
  if (!isObject(value) || typeof value.id !== 'string' || value.id === '' || typeof value.name !== 'string')
    return undefined
  return { id: value.id, name: value.name }
}
