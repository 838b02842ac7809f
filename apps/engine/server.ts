// The engine's HTTP server: oVirt's REST API.
import { randomUUID } from 'node:crypto'
import { createHttp } from '@patchbay/service/http.ts'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Context } from './context.ts'
import { registerApiRoot } from './routes/api-root.ts'
import { registerAuthentication } from './routes/authentication.ts'
import { registerEvents } from './routes/events.ts'
import { registerFaults } from './routes/faults.ts'
import { registerInfrastructure } from './routes/infrastructure.ts'
import { registerNetworks } from './routes/networks.ts'
import { registerProviders } from './routes/providers.ts'
import { registerVms } from './routes/vms.ts'

export function createServer(context: Context, logger: Logger): FastifyInstance {
  const { config, metrics, parts } = context
  const app = createHttp({
    logger,
    metrics,
    tls: config.tls,
    requestId: correlationId,
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('correlation-id', request.id)
  })
  registerFaults(app)
  registerAuthentication(app, config.administrator)
  registerApiRoot(app, parts.store)
  registerInfrastructure(app, context)
  registerProviders(app, context.providers, context.providerNetworks)
  registerNetworks(app, context.networks)
  registerVms(app, context.vms, context.nics)
  registerEvents(app, parts.events)
  return app
}

/** oVirt's correlation id: the caller's, cleaned and cut, else a new one. */
function correlationId(headers: Record<string, string | string[] | undefined>): string {
  const given = String(headers['correlation-id'] ?? '')
    .replaceAll(/[^0-9A-Za-z_-]/g, '')
    .slice(0, 36)
  return given === '' ? randomUUID() : given
}
