// Who uses the API: a user, with a token of the SSO service (Bearer, or the portal's cookie) or with name and password
// (Basic).
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { asUser } from '../../acting-user.ts'
import { Fault } from '../../faults.ts'
import { portalToken } from '../../portal/session-cookie.ts'
import { basicCredentials, bearerToken, type Credentials } from '../../sso/credentials.ts'
import type { PasswordCheck } from '../../sso/password-check.ts'
import type { Sessions } from '../../sso/sessions.ts'
import { isOfApi } from './formats.ts'

/** `administrator`: named with its profile, `admin@internal`; undefined: authentication is off. */
export function registerAuthentication(
  app: FastifyInstance,
  administrator: Credentials | undefined,
  sessions: Sessions,
  passwords: PasswordCheck | undefined,
): void {
  if (!administrator || !passwords) return
  const byPassword = ({ headers, ip }: FastifyRequest) => passwords.userOf(basicCredentials(headers.authorization), ip)
  const users = new WeakMap<FastifyRequest, string>()
  app.addHook('onRequest', async (request) => {
    // The route, not the path: a path can be written in many ways that lead to the same route.
    if (!isOfApi(request)) return
    const token = tokenOf(request)
    const user = token === undefined ? await byPassword(request) : sessions.use(token)?.userId
    if (user === undefined) throw new Fault('UNAUTHORIZED')
    users.set(request, user)
  })
  // Not earlier: reading the body leaves the context behind.
  app.addHook('preHandler', (request, _reply, done) => asUser(users.get(request) ?? '', done))
}

/** Of the session that a request belongs to. */
export const tokenOf = (request: FastifyRequest) => bearerToken(request.headers.authorization) ?? portalToken(request)
