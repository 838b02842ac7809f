// What a path can be asked, for answers to what it cannot (RFC 9110, 15.5.6).
import type { FastifyInstance, FastifyRequest } from 'fastify'

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const

/** The methods of routes at the path of a request; none where there is nothing at all. */
export const methodsAt = (app: FastifyInstance, request: FastifyRequest): readonly string[] =>
  methods.filter((method) => app.findRoute({ method, url: pathOf(request) }) !== null)

/** The path as the router reads it: double and trailing slashes do not count. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  const path = url.replace(/^https?:\/\/[^/?]*/i, '').replace(/[?#].*$/s, '')
  return path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1') || '/'
}
