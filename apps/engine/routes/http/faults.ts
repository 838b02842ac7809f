// How failures are answered: oVirt's fault, never a stack trace.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { InvalidElement } from '@patchbay/ovirt-api/invalid-element.ts'
import { methodsAt, pathOf } from '@patchbay/service/allowed-methods.ts'
import { VdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { FastifyBaseLogger, FastifyError, FastifyInstance } from 'fastify'
import { Fault } from '../../faults.ts'
import { portalHeader } from '../../portal/session-cookie.ts'
import { isFullDisk } from '../../store/databases/full-disk.ts'
import { Answer, isOfApi } from './formats.ts'

interface Failure {
  readonly status: number
  readonly fault: { readonly reason: string; readonly detail: string }
}

export function registerFaults(app: FastifyInstance): void {
  app.server.removeAllListeners('clientError').on('clientError', answerUnreadable)
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const { status, fault } = toFailure(error, request.log)
    // A browser would ask for the password in a window of its own, over the portal's.
    if (status === 401 && request.headers[portalHeader] === undefined)
      reply.header('www-authenticate', 'Basic realm="RESTAPI"')
    return reply.code(status).send(isOfApi(request) ? new Answer('fault', fault) : fault)
  })
  app.setNotFoundHandler(async (request, reply) => {
    const methods = methodsAt(app, request)
    // A route that has the method, and found nothing: a file of the portal.
    const allowed = methods.includes(request.method) ? '' : methods.join(', ')
    const path = pathOf(request).slice(0, 200)
    if (allowed !== '') reply.header('allow', allowed)
    if (allowed !== '' && request.method === 'OPTIONS') return reply.code(200).send()
    const [status, fault] =
      allowed === ''
        ? [404, { reason: 'Not Found', detail: `There is nothing at ${request.method} ${path}.` }]
        : [405, { reason: 'Method Not Allowed', detail: `${path} has no ${request.method}, but ${allowed}.` }]
    return reply.code(status).send(isOfApi(request) ? new Answer('fault', fault) : fault)
  })
}

export function failedAction(error: unknown, log: FastifyBaseLogger): { status: number; body: object } {
  const { status, fault } = toFailure(error, log)
  return { status, body: { status: 'failed', fault } }
}

/** A path that the router cannot read reaches no route. */
export function unroutable(status: 400 | 414): { status: number; body: object } {
  return { status, body: { reason: 'Invalid request', detail: 'The path cannot be read.' } }
}

function toFailure(error: unknown, log: FastifyBaseLogger): Failure {
  if (error instanceof Fault) return { status: error.status, fault: shown(error) }
  if (error instanceof InvalidElement) return { status: 400, fault: { reason: 'Invalid value', detail: error.message } }
  if (error instanceof VdsmError)
    return {
      status: 400,
      fault: { reason: 'Operation Failed', detail: `[The host refused: ${error.message} (code ${error.code})]` },
    }
  if (isFullDisk(error)) {
    log.error({ err: error }, 'the disk with the database is full')
    return toFailure(new Fault('DATABASE_DISK_FULL'), log)
  }
  const { statusCode, message } = error as FastifyError
  if (statusCode !== undefined && statusCode < 500)
    return { status: statusCode, fault: { reason: 'Invalid request', detail: message } }
  log.error({ err: error }, 'request failed')
  return { status: 500, fault: { reason: 'Operation Failed', detail: '[Internal Engine Error]' } }
}

/** The real engine has reasons of their own for requests it cannot use; what it refuses to do comes in brackets. */
function shown({ key, message }: Fault): Failure['fault'] {
  if (key === 'INCOMPLETE_PARAMETERS') return { reason: 'Incomplete parameters', detail: message }
  if (key === 'IMMUTABLE_ID') return { reason: 'Broken immutability constraint', detail: message }
  if (key === 'INVALID_VALUE') return { reason: 'Invalid value', detail: message }
  return { reason: 'Operation Failed', detail: `[${message}]` }
}

/** What Node cannot read as an HTTP request reaches no route either: it is answered here, and its connection ends. */
function answerUnreadable({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = JSON.stringify({ reason: 'Invalid request', detail: 'The request is not proper HTTP.' })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
