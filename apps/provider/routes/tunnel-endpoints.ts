// /v2.0/tunnel-endpoints[/{host}]: hosts say and ask where the others are. For administrators, which drivers log in as.
import { parseTunnelEndpoint } from '@patchbay/networking-api/resources/tunnel-endpoints.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isAdmin } from '../identity/principal.ts'
import { forbidden } from '../services/policies.ts'
import type { TunnelEndpoints } from '../services/tunnel-endpoints.ts'
import { principalOf } from './authentication.ts'

export function registerTunnelEndpoints(app: FastifyInstance, endpoints: TunnelEndpoints): void {
  app.get('/v2.0/tunnel-endpoints', async (request) => {
    checkAdministrator(request, 'get_tunnel_endpoint')
    return { tunnel_endpoints: endpoints.list() }
  })
  app.put('/v2.0/tunnel-endpoints/:host', async (request) => {
    checkAdministrator(request, 'update_tunnel_endpoint')
    return { tunnel_endpoint: await endpoints.set(parseTunnelEndpoint(hostOf(request), request.body)) }
  })
  app.delete('/v2.0/tunnel-endpoints/:host', async (request, reply) => {
    checkAdministrator(request, 'delete_tunnel_endpoint')
    await endpoints.remove(hostOf(request))
    return reply.code(204).send()
  })
}

function checkAdministrator(request: FastifyRequest, rule: string): void {
  if (!isAdmin(principalOf(request))) throw forbidden(rule)
}

const hostOf = ({ params }: FastifyRequest) => (params as { host: string }).host
