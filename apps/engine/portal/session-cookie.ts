// The portal's session: the SSO token in a cookie that scripts cannot read.
import type { FastifyReply, FastifyRequest } from 'fastify'

const name = 'patchbay_session'
/** Only scripts of the portal's own origin can set a header of their own: another site's forms and images cannot. */
export const portalHeader = 'x-patchbay-portal'

/** The token of a request that the portal made; undefined for all others, also where the browser sent the cookie along. */
export function portalToken({ headers, cookies }: FastifyRequest): string | undefined {
  return headers[portalHeader] === undefined ? undefined : cookies[name]
}

/** The cookie lives as long as the browser; the session in it ends when nobody uses it. */
export function keepToken(reply: FastifyReply, token: string, isSecure: boolean): void {
  void reply.setCookie(name, token, { ...place, secure: isSecure })
}

export function dropToken(reply: FastifyReply, isSecure: boolean): void {
  void reply.clearCookie(name, { ...place, secure: isSecure })
}

const place = { path: '/ovirt-engine', httpOnly: true, sameSite: 'strict' } as const
