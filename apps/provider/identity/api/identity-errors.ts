// Keystone's errors: `{"error": {"code", "title", "message"}}`.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { FastifyError, FastifyInstance } from 'fastify'

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

export type IdentityStatus = keyof typeof titles

export class IdentityError extends Error {
  override readonly name = 'IdentityError'
  readonly status: IdentityStatus
  readonly retryAfterSeconds: number | undefined

  constructor(status: IdentityStatus, message: string, { retryAfterSeconds }: { retryAfterSeconds?: number } = {}) {
    super(message)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export const unauthorized = () => new IdentityError(401, 'The request you have made requires authentication.')

export function identityFailure(status: IdentityStatus, message: string): object {
  return { error: { code: status, title: titles[status], message } }
}

export function registerIdentityErrors(app: FastifyInstance): void {
  app.setNotFoundHandler(async () => {
    throw new IdentityError(404, 'The resource could not be found.')
  })
  app.setErrorHandler(async (error: FastifyError | NetworkingError | IdentityError, request, reply) => {
    const { status, message, retryAfterSeconds } = error instanceof IdentityError ? error : asIdentityError(error)
    if (status === 500) request.log.error({ err: error }, 'request failed')
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
    return reply.code(status).send(identityFailure(status, message))
  })
}

function asIdentityError(error: FastifyError | NetworkingError): IdentityError {
  // A service that users come from is away.
  if (error instanceof NetworkingError && error.status === 503) return new IdentityError(503, error.message)
  const { statusCode = 500, message } = error as FastifyError
  if (statusCode >= 500)
    return new IdentityError(500, 'An unexpected error prevented the server from fulfilling your request.')
  return new IdentityError(statusCode in titles ? (statusCode as IdentityStatus) : 400, message)
}
