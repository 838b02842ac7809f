// How failures are answered: always a NeutronError, never a stack trace.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { badRequest, NetworkingError } from '@patchbay/networking-api/errors.ts'
import { methodsAt, pathOf } from '@patchbay/service/allowed-methods.ts'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'

export function registerErrors(app: FastifyInstance, bodyLimitBytes: number): void {
  app.server.removeAllListeners('clientError').on('clientError', answerUnreadable)
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const failure = error instanceof NetworkingError ? error : asNetworkingError(error, request, bodyLimitBytes)
    return reply.code(failure.status).send(failure.body())
  })
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request)
    const allowed = methodsAt(app, request).join(', ')
    if (allowed === '') throw new NetworkingError('HTTPNotFound')
    reply.header('allow', allowed)
    if (request.method === 'OPTIONS') return reply.code(200).send()
    throw new NetworkingError('HTTPMethodNotAllowed', { method: request.method, path: path.slice(0, 200), allowed })
  })
}

/** What Node cannot read as an HTTP request reaches no route: it is answered here, and its connection ends. */
function answerUnreadable({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const failure = unreadable(code)
  const body = JSON.stringify(failure.body())
  const head = [
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

function unreadable(code: string | undefined): NetworkingError {
  if (code === 'HPE_HEADER_OVERFLOW') return new NetworkingError('HTTPRequestURITooLong')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new NetworkingError('HTTPRequestTimeout')
  return badRequest('The request is not proper HTTP')
}

function asNetworkingError(error: FastifyError, request: FastifyRequest, bodyLimitBytes: number): NetworkingError {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new NetworkingError('HTTPRequestEntityTooLarge', { limitBytes: bodyLimitBytes })
  if (error.statusCode && error.statusCode < 500) return badRequest(error.message)
  request.log.error({ err: error }, 'request failed')
  return new NetworkingError('HTTPInternalServerError')
}

/** A path that the router cannot read reaches no route either. */
export function unroutable(status: 400 | 414): { status: number; body: object } {
  const failure =
    status === 414 ? new NetworkingError('HTTPRequestURITooLong') : badRequest('The path cannot be decoded')
  return { status: failure.status, body: failure.body() }
}
