// The HTTP server that our services share: request ids, logs, metrics, health, limits. Routes are the service's own.
import { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, fastify, LogController } from 'fastify'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { TlsFiles } from './tls-files.ts'

export interface HttpOptions {
  readonly logger: Logger
  readonly metrics: Registry
  /** Without it: plain HTTP. */
  readonly tls?: TlsFiles
  readonly bodyLimitBytes?: number
  /** In which a request arrives completely. */
  readonly requestTimeoutMs?: number
  /** What is missing for serving requests, or undefined when nothing is. */
  readonly notReady?: () => string | undefined
  /** The URL that a request is routed by, of the one it has. */
  readonly normalUrl?: (url: string) => string
  readonly requestId: (headers: Record<string, string | string[] | undefined>) => string
  /** The answer to a path that no router can read: one that cannot be decoded, or a parameter beyond all bounds. */
  readonly unroutable?: (status: 400 | 414) => { readonly status: number; readonly body: object }
}

export function createHttp({
  logger,
  metrics,
  tls,
  bodyLimitBytes = 1_048_576,
  requestTimeoutMs = 30_000,
  notReady,
  normalUrl = (url) => url,
  requestId,
  unroutable = plainRefusal,
}: HttpOptions): FastifyInstance {
  // Of the two times Node takes the longer one for the whole request, whichever it was given for.
  const times = { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: requestTimeoutMs / 10 }
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    ...(tls ? { https: { ...tls, ...times } } : { http: times }),
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }) => normalUrl(url),
    genReqId: ({ headers }) => requestId(headers),
    frameworkErrors(error, _request, reply) {
      const { status, body } = unroutable(error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 414 : 400)
      void (reply as FastifyReply).code(status).send(body)
    },
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 500 },
  })
  observe(app, logger, metrics)
  closeConnectionsWhenStopping(app)
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

/** A client that keeps its connection alive would keep a stopping service from its end. */
function closeConnectionsWhenStopping(app: FastifyInstance): void {
  let stopping = false
  app.addHook('preClose', async () => {
    stopping = true
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) reply.header('connection', 'close')
    done()
  })
}

const plainRefusal = (status: 400 | 414) => ({ status, body: { message: 'The path cannot be read.' } })

function observe(app: FastifyInstance, logger: Logger, metrics: Registry): void {
  const seconds =
    (metrics.getSingleMetric('http_request_seconds') as Histogram | undefined) ??
    new Histogram({
      name: 'http_request_seconds',
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'route', 'status'],
      registers: [metrics],
    })
  // There is nothing secret in these lines: looking for it would take as long as writing them.
  const requests = logger.child({}, { redact: [] })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    requests.info(
      {
        reqId: request.id,
        method: request.method,
        url: request.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
    done()
  })
}
