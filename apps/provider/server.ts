// The provider's two HTTP servers: the Networking API and the Identity API.
import { randomUUID } from 'node:crypto'
import { createHttp } from '@patchbay/service/http.ts'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Context } from './context.ts'
import type { Endpoints } from './identity/api/catalog.ts'
import { registerAuthentication } from './routes/authentication.ts'
import { registerCollection, registerUpdateByPost } from './routes/collection.ts'
import { registerErrors, unroutable } from './routes/errors.ts'
import { registerExtensions } from './routes/extensions.ts'
import { registerIpAvailabilities } from './routes/ip-availabilities.ts'
import { registerOpenApi } from './routes/openapi.ts'
import { registerPortBindings } from './routes/port-bindings.ts'
import { registerQuotas } from './routes/quotas.ts'
import { registerRouters } from './routes/routers.ts'
import { registerSecurityGroups } from './routes/security-groups.ts'
import { registerTags } from './routes/tags.ts'
import { registerTunnelEndpoints } from './routes/tunnel-endpoints.ts'
import { registerVersions } from './routes/versions.ts'
import { registerWires } from './routes/wires.ts'
import { createTunnelEndpoints } from './services/tunnel-endpoints.ts'

/** `identityUrl`: where a client without a token is sent; undefined where authentication is off. */
export function createNetworkingServer(
  context: Context,
  logger: Logger,
  identityUrl: string | undefined,
): FastifyInstance {
  const { config, users, networks, subnets, ports, routers, floatingIps, quotas, setWired, portBindings } = context
  const app = createApp(context, logger)
  registerErrors(app, config.bodyLimitBytes)
  refuseUntilReady(app, context)
  registerAuthentication(app, users?.verifier, identityUrl)
  const hasGroups = context.backend.capabilities.securityGroups
  const groupTypes = hasGroups ? [context.securityGroups.type, context.securityGroupRules.type] : []
  const types = [networks.type, subnets.type, ports.type, routers.type, floatingIps.type, ...groupTypes]
  registerVersions(app, types)
  registerCollection(app, networks)
  registerCollection(app, subnets)
  registerCollection(app, ports)
  registerUpdateByPost(app, ports)
  registerTags(app, networks)
  registerTags(app, subnets)
  registerTags(app, ports)
  registerRouters(app, context)
  if (hasGroups) registerSecurityGroups(app, context)
  if (context.backend.capabilities.wires) {
    registerWires(app, setWired)
    registerTunnelEndpoints(app, createTunnelEndpoints(context.backend))
  }
  registerPortBindings(app, portBindings)
  registerQuotas(app, quotas)
  registerIpAvailabilities(app, () => context.backend.state)
  registerExtensions(app, context.backend.capabilities)
  registerOpenApi(app, types, context.backend.capabilities)
  return app
}

/** undefined where another service has the Identity API, or authentication is off. */
export function createIdentityServer(
  context: Context,
  logger: Logger,
  endpoints: () => Endpoints,
): FastifyInstance | undefined {
  const register = context.users?.identityApi
  if (register === undefined || typeof register === 'string') return undefined
  const app = createApp(context, logger)
  register(app, endpoints)
  return app
}

function createApp({ config, metrics, backend, users }: Context, logger: Logger): FastifyInstance {
  const app = createHttp({
    logger,
    metrics,
    notReady: () => backend.missing() ?? users?.missing(),
    tls: config.tls,
    bodyLimitBytes: config.bodyLimitBytes,
    requestId,
    unroutable,
  })
  acceptAnyContentType(app)
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('x-openstack-request-id', request.id)
    done()
  })
  return app
}

/** What is not known yet must not look as if it were not there. */
function refuseUntilReady(app: FastifyInstance, { backend }: Context): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (backend.missing() && request.url.startsWith('/v2.0/')) backend.whenReady().then(() => done(), done)
    else done()
  })
}

/** Neutron reads every body as JSON, whatever its type says. */
function acceptAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      done(null, JSON.parse(body as string))
    } catch {
      done(Object.assign(new Error('Body contains invalid data'), { statusCode: 400 }))
    }
  })
}

/** OpenStack's global request id where the caller sends one, so that logs of both sides can be joined. */
function requestId(headers: Record<string, string | string[] | undefined>): string {
  const given = headers['x-openstack-request-id']
  return typeof given === 'string' && /^req-[\w-]{1,60}$/.test(given) ? given : `req-${randomUUID()}`
}
