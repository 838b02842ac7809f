// How failures are answered: oVirt's fault, never a stack trace.
import { InvalidElement } from '@patchbay/ovirt-api/invalid-element.ts'
import { VdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { FastifyBaseLogger, FastifyError, FastifyInstance } from 'fastify'
import { Fault } from '../faults.ts'

interface Failure {
  readonly status: number
  readonly fault: { readonly reason: string; readonly detail: string }
}

export function registerFaults(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const { status, fault } = toFailure(error, request.log)
    if (status === 401) reply.header('www-authenticate', 'Basic realm="RESTAPI"')
    return reply.code(status).send(fault)
  })
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({
      reason: 'Not Found',
      detail: `There is nothing at ${request.method} ${request.url.split('?')[0]!.slice(0, 200)}.`,
    }),
  )
}

export function failedAction(error: unknown, log: FastifyBaseLogger): { status: number; body: object } {
  const { status, fault } = toFailure(error, log)
  return { status, body: { status: 'failed', fault } }
}

function toFailure(error: unknown, log: FastifyBaseLogger): Failure {
  if (error instanceof Fault)
    return { status: error.status, fault: { reason: 'Operation Failed', detail: `[${error.message}]` } }
  if (error instanceof InvalidElement) return { status: 400, fault: { reason: 'Invalid value', detail: error.message } }
  if (error instanceof VdsmError)
    return {
      status: 400,
      fault: { reason: 'Operation Failed', detail: `[The host refused: ${error.message} (code ${error.code})]` },
    }
  const { statusCode, message } = error as FastifyError
  if (statusCode !== undefined && statusCode < 500)
    return { status: statusCode, fault: { reason: 'Invalid request', detail: message } }
  log.error({ err: error }, 'request failed')
  return { status: 500, fault: { reason: 'Operation Failed', detail: '[Internal Engine Error]' } }
}
