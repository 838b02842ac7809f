// The HTTP server that our services share: request ids, logs, metrics, health, limits. Routes are the service's own.
import { readFileSync } from 'node:fs'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface HttpOptions {
  readonly logger: Logger
  readonly metrics: Registry
  /** PEM files; both or none. */
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly bodyLimitBytes?: number
  /** What is missing for serving requests, or undefined when nothing is. */
  readonly notReady?: () => string | undefined
  readonly requestId: (headers: Record<string, string | string[] | undefined>) => string
}

const requestTimeoutMs = 30_000

export function createHttp({
  logger,
  metrics,
  tlsCert,
  tlsKey,
  bodyLimitBytes = 1_048_576,
  notReady,
  requestId,
}: HttpOptions): FastifyInstance {
  const tls = tlsCert && tlsKey && { https: { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) } }
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    ...tls,
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => requestId(headers),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 500 },
  })
  observe(app, metrics)
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const missing = notReady?.()
    return missing ? reply.code(503).send({ status: 'not ready', missing }) : { status: 'ready' }
  })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()))
  return app
}

/** A registry with the process's own figures in it (memory, event loop, file descriptors). */
export function createMetrics(): Registry {
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  return metrics
}

function observe(app: FastifyInstance, metrics: Registry): void {
  const seconds =
    (metrics.getSingleMetric('http_request_seconds') as Histogram | undefined) ??
    new Histogram({
      name: 'http_request_seconds',
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'route', 'status'],
      registers: [metrics],
    })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    request.log.info(
      {
        method: request.method,
        url: request.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
  })
}
