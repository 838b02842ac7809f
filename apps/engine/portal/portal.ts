// The admin portal: its files, and its session.
import cookies from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import type { SsoParts } from '../routes/sso.ts'
import { registerPortalFiles } from './portal-files.ts'
import { registerPortalSession } from './portal-session.ts'

/** Before authentication is registered, which reads the cookie. */
export function acceptPortalCookie(app: FastifyInstance): void {
  void app.register(cookies)
}

export function registerPortal(app: FastifyInstance, dir: string, sso: SsoParts): void {
  registerPortalSession(app, sso)
  void app.register((scope) => registerPortalFiles(scope, dir))
}
