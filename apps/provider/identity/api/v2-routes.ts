// The Identity API v2.0: what the real oVirt engine logs in with.
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import type { FastifyInstance } from 'fastify'
import type { Token } from '../tokens/tokens.ts'
import type { Login } from '../users/login.ts'
import { catalogV2, type Endpoints } from './catalog.ts'
import { IdentityError } from './identity-errors.ts'
import { seconds } from './versions.ts'

export function registerV2(app: FastifyInstance, login: Login, endpoints: () => Endpoints): void {
  app.post('/v2.0/tokens', async (request) => {
    const { username, password, token, tenant } = parseLogin(request.body)
    const issued =
      token === undefined
        ? await login.withPassword({ name: username! }, password!, tenant, request.ip)
        : await login.withToken(token, tenant)
    return { access: access(issued.id, issued.token, endpoints()) }
  })
}

function access(id: string, token: Token, endpoints: Endpoints): object {
  const { user, project, roles } = token
  return {
    token: {
      id,
      expires: seconds(token.expiresAt),
      issued_at: seconds(token.issuedAt),
      tenant: { ...project, enabled: true },
      audit_ids: [token.auditId],
    },
    user: { ...user, username: user.name, roles: roles.map((name) => ({ name })), roles_links: [] },
    serviceCatalog: catalogV2(endpoints),
    metadata: { is_admin: 0, roles: [] },
  }
}

interface V2Login {
  readonly username?: string
  readonly password?: string
  readonly token?: string
  readonly tenant: { name?: string; id?: string } | undefined
}

function parseLogin(body: unknown): V2Login {
  const auth = isObject(body) ? body.auth : undefined
  if (!isObject(auth)) throw incomplete()
  const name = text(auth.tenantName)
  const id = text(auth.tenantId)
  const tenant = name || id ? { ...(name && { name }), ...(id && { id }) } : undefined
  if (isObject(auth.token) && typeof auth.token.id === 'string') return { token: auth.token.id, tenant }
  if (!isObject(auth.passwordCredentials)) throw incomplete()
  const { username, password } = auth.passwordCredentials
  if (typeof username !== 'string' || typeof password !== 'string') throw incomplete()
  return { username, password, tenant }
}

/** '' for what is left out. */
function text(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  throw incomplete()
}

const incomplete = () =>
  new IdentityError(
    400,
    'Expecting to find auth.passwordCredentials with username and password, or auth.token with id, in the request body.',
  )
