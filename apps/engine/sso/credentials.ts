// Names with secrets: read from HTTP Basic, compared without telling how much of them is right.
import { createHash, timingSafeEqual } from 'node:crypto'

export interface Credentials {
  readonly name: string
  readonly password: string
}

/** What `Authorization: Basic …` says; undefined when it is something else. */
export function basicCredentials(authorization = ''): Credentials | undefined {
  const [scheme = '', encoded = ''] = authorization.split(' ')
  const given = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = given.indexOf(':')
  if (scheme.toLowerCase() !== 'basic' || colon < 0) return undefined
  return { name: given.slice(0, colon), password: given.slice(colon + 1) }
}

/** The token of `Authorization: Bearer …`; undefined when it is something else. */
export function bearerToken(authorization = ''): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1]
}

export function isSame(given: Credentials | undefined, expected: Credentials): boolean {
  return given !== undefined && timingSafeEqual(digest(given), digest(expected))
}

/** Of equal length whatever was given, so that the comparison tells nothing. */
const digest = ({ name, password }: Credentials) =>
  createHash('sha256')
    .update(JSON.stringify([name, password]))
    .digest()
