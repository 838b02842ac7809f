// Who may use the API: HTTP Basic with the administrator's name and password.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../faults.ts'
import { apiPath } from './resource-routes.ts'

export interface Administrator {
  /** With its profile: `admin@internal`. */
  readonly name: string
  readonly password: string
}

/** `administrator` undefined: authentication is off. */
export function registerAuthentication(app: FastifyInstance, administrator: Administrator | undefined): void {
  if (!administrator) return
  const expected = digest(`${administrator.name}:${administrator.password}`)
  app.addHook('onRequest', async ({ url, headers, routeOptions }) => {
    // The route, not the path: a path can be written in many ways that lead to the same route.
    if (!(routeOptions.url ?? url).startsWith(apiPath)) return
    const [scheme = '', encoded = ''] = (headers.authorization ?? '').split(' ')
    const given = Buffer.from(encoded, 'base64').toString('utf8')
    if (scheme.toLowerCase() !== 'basic' || !timingSafeEqual(digest(given), expected)) throw new Fault('UNAUTHORIZED')
  })
}

/** Of equal length whatever was given, so that the comparison tells nothing. */
const digest = (text: string) => createHash('sha256').update(text).digest()
