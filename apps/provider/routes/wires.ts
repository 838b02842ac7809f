// Our addition to the API: a host's VIF driver says where a port is wired. The port's status follows.
// PUT and DELETE of /v2.0/ports/{id}/wires/{host} may be repeated; both answer the port. For administrators, which
// drivers log in as.
import type { FastifyInstance } from 'fastify'
import { isAdmin } from '../identity/principal.ts'
import { forbidden } from '../services/policies.ts'
import type { PortService } from '../services/ports/ports.ts'
import { principalOf } from './authentication.ts'

export function registerWires(app: FastifyInstance, setWired: PortService['setWired']): void {
  for (const [method, wired] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/v2.0/ports/:id/wires/:host',
      handler: async (request) => {
        const { id, host } = request.params as { id: string; host: string }
        if (!isAdmin(principalOf(request))) throw forbidden('update_port:wires')
        return { port: await setWired(id, host, wired) }
      },
    })
  }
}
