// Who may use the API: the administrator, with a token of the SSO service (Bearer, or the
// portal's cookie) or with name and password (Basic).
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../faults.ts'
import { portalToken } from '../portal/session-cookie.ts'
import { basicCredentials, bearerToken, type Credentials, isSame } from '../sso/credentials.ts'
import type { Sessions } from '../sso/sessions.ts'

/** The name is with its profile: `admin@internal`. */
export type Administrator = Credentials

/** `administrator` undefined: authentication is off. */
export function registerAuthentication(
  app: FastifyInstance,
  administrator: Administrator | undefined,
  sessions: Sessions,
): void {
  if (!administrator) return
  app.addHook('onRequest', async (request) => {
    const { url, headers, routeOptions } = request
    // The route, not the path: a path can be written in many ways that lead to the same route.
    if (!(routeOptions.url ?? url).startsWith(apiPath)) return
    const token = bearerToken(headers.authorization) ?? portalToken(request)
    const isKnown =
      token === undefined
        ? isSame(basicCredentials(headers.authorization), administrator)
        : sessions.use(token) !== undefined
    if (!isKnown) throw new Fault('UNAUTHORIZED')
  })
}
