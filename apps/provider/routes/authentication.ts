// Who sends a request to the Networking API: the token's owner, or anybody where authentication is off.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { identityFailure } from '../identity/api/identity-errors.ts'
import { anybody, type Principal } from '../identity/principal.ts'
import type { TokenVerifier } from '../identity/tokens/token-verifier.ts'
import { openApiPath } from './openapi.ts'

const principals = new WeakMap<FastifyRequest, Principal>()

/** What anybody may ask: which versions there are, what the API is, and how the service is. */
const openRoutes = new Set(['/', openApiPath, '/healthz', '/readyz', '/metrics'])

/**
 * Every other request needs a valid token, also for a path that does not exist. `verifier` undefined: authentication is off.
 * The route decides, not the text of the URL: `/%762.0/networks` and `http://host/v2.0/networks` reach the same one.
 */
export function registerAuthentication(
  app: FastifyInstance,
  verifier: TokenVerifier | undefined,
  identityUrl = '',
): void {
  if (!verifier) return
  app.addHook('onRequest', async (request, reply) => {
    if (openRoutes.has(request.routeOptions.url ?? '')) return
    const verdict = verifier.verify(tokenOf(request))
    const principal = verdict instanceof Promise ? await verdict : verdict
    if (principal) {
      principals.set(request, principal)
      return
    }
    return reply
      .code(401)
      .header('www-authenticate', `Keystone uri="${identityUrl}"`)
      .send(identityFailure(401, 'The request you have made requires authentication.'))
  })
}

export function principalOf(request: FastifyRequest): Principal {
  return principals.get(request) ?? anybody
}

/** The real engine sends X-Auth-Token; the feature document calls the header x-openstack-request-id. */
function tokenOf({ headers }: FastifyRequest): string {
  const token = headers['x-auth-token'] ?? headers['x-openstack-request-id']
  return typeof token === 'string' ? token : ''
}
