// The query of a request, with repeated keys, as URLSearchParams reads it.
import type { FastifyRequest } from 'fastify'

export function queryOf({ url }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : url.slice(start))
}

/** The URL as the client knows it, without the query. */
export function urlOf({ protocol, host, url }: FastifyRequest): string {
  return `${protocol}://${host}${url.replace(/\?.*/s, '')}`
}
