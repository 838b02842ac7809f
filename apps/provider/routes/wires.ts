// Our addition to the API: a host's VIF driver says where a port is wired. The port's status follows.
// PUT and DELETE of /v2.0/ports/{id}/wires/{host} may be repeated; both answer the port.
import type { FastifyInstance } from 'fastify'
import type { PortService } from '../services/ports.ts'

export function registerWires(app: FastifyInstance, ports: PortService): void {
  for (const [method, wired] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/v2.0/ports/:id/wires/:host',
      handler: async (request) => {
        const { id, host } = request.params as { id: string; host: string }
        return { port: await ports.setWired(id, host, wired) }
      },
    })
  }
}
