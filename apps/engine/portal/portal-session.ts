// Logging in and out of the portal: beside the SSO service, with the token in a cookie instead of the answer.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from '../access/access.ts'
import { Fault } from '../faults.ts'
import { logIn, logOut, type SsoParts } from '../sso/log-in.ts'
import { OAuthError } from '../sso/oauth-error.ts'
import { dropToken, keepToken, portalHeader, portalToken } from './session-cookie.ts'

/** Who works here where authentication is off. */
const everybody = 'admin@internal'

const nobodyAsked = (user: string) => ({ user, id: '', administrator: true, everything: true, grants: [] })

export const sessionPath = '/ovirt-engine/webadmin/session'

export interface PortalParts extends SsoParts {
  readonly access: Access
}

export function registerPortalSession(app: FastifyInstance, parts: PortalParts): void {
  const shown = async (user: string) => {
    const {
      userId: id,
      seesEverything: administrator,
      isUnlimited: everything,
      grants,
    } = await parts.access.rightsOf(user)
    const permits = grants.map(({ role, objectId }) => ({ object: objectId, permits: role.permits }))
    return { user, id, administrator, everything, grants: everything ? [] : permits }
  }
  const { sessions, passwords } = parts
  app.get(sessionPath, async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    const session = sessions.use(portalToken(request) ?? '')
    if (session) return passwords ? shown(session.userId) : nobodyAsked(session.userId)
    if (!passwords) return nobodyAsked(everybody)
    throw new Fault('UNAUTHORIZED')
  })
  app.post(sessionPath, async (request, reply) => {
    refuseForeign(request)
    const { username, password } = (request.body ?? {}) as Record<string, unknown>
    if (typeof username !== 'string' || typeof password !== 'string')
      throw new Fault('INCOMPLETE_PARAMETERS', { what: 'username, password', action: 'logIn' })
    const form = { grant_type: 'password', scope: 'ovirt-app-api', username, password }
    const { token, session } = await logInOrRefuse(parts, new URLSearchParams(form), request.ip)
    sessions.end(portalToken(request) ?? '')
    keepToken(reply, token, request.protocol === 'https')
    return reply
      .header('cache-control', 'no-store')
      .send(await (passwords ? shown(session.userId) : nobodyAsked(session.userId)))
  })
  app.delete(sessionPath, async (request, reply) => {
    refuseForeign(request)
    await logOut(parts, portalToken(request) ?? '', request.ip)
    dropToken(reply, request.protocol === 'https')
    return {}
  })
}

async function logInOrRefuse(parts: SsoParts, form: URLSearchParams, address: string) {
  try {
    return await logIn(parts, form, address)
  } catch (error) {
    if (error instanceof OAuthError) throw new Fault('LOGIN_REFUSED', { reason: error.message })
    throw error
  }
}

/** Also a log-in can be forged: the victim would then work as somebody else. */
function refuseForeign({ headers }: FastifyRequest): void {
  if (headers[portalHeader] === undefined) throw new Fault('UNAUTHORIZED')
}
