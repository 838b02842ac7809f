// How failures are answered: always a NeutronError, never a stack trace.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const

export function registerErrors(app: FastifyInstance, bodyLimitBytes: number): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const failure = error instanceof NetworkingError ? error : asNetworkingError(error, request, bodyLimitBytes)
    return reply.code(failure.status).send(failure.body())
  })
  app.setNotFoundHandler(async (request, reply) => {
    const allowed = methods.filter((method) => method !== request.method && hasRoute(app, method, request.url))
    const failure =
      allowed.length > 0
        ? new NetworkingError('HTTPMethodNotAllowed', {
            method: request.method,
            path: pathOf(request),
            allowed: allowed.join(', '),
          })
        : new NetworkingError('HTTPNotFound')
    if (allowed.length > 0) reply.header('allow', allowed.join(', '))
    return reply.code(failure.status).send(failure.body())
  })
}

function asNetworkingError(error: FastifyError, request: FastifyRequest, bodyLimitBytes: number): NetworkingError {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new NetworkingError('HTTPRequestEntityTooLarge', { limitBytes: bodyLimitBytes })
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH' || error.statusCode === 414)
    return new NetworkingError('HTTPRequestURITooLong')
  if (error.statusCode && error.statusCode < 500)
    return new NetworkingError('HTTPBadRequest', { reason: error.message })
  request.log.error({ err: error }, 'request failed')
  return new NetworkingError('HTTPInternalServerError')
}

function hasRoute(app: FastifyInstance, method: (typeof methods)[number], url: string): boolean {
  return app.findRoute({ method, url: new URL(url, 'http://any').pathname }) !== null
}

const pathOf = ({ url }: FastifyRequest) => url.split('?')[0]!.slice(0, 200)
