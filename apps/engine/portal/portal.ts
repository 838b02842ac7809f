// The admin portal: its files, and its session.
import cookies from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { registerPortalFiles } from './portal-files.ts'
import { type PortalParts, registerPortalSession } from './portal-session.ts'

/** Before authentication is registered, which reads the cookie. */
export function acceptPortalCookie(app: FastifyInstance): void {
  void app.register(cookies)
}

export function registerPortal(app: FastifyInstance, dir: string, parts: PortalParts): void {
  registerPortalSession(app, parts)
  void app.register((scope) => registerPortalFiles(scope, dir))
}
