// Tokens that need no storage: what they say is signed, so they survive a restart and cost one hash to check.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'

export interface Session {
  readonly user: string
  readonly project: string
}

export interface Tokens {
  issue(session: Session): { readonly id: string; readonly issuedAt: Date; readonly expiresAt: Date }
  /** Who the token speaks for; undefined when it is not ours, altered or expired. */
  verify(token: string): Session | undefined
}

const lifetimeMs = 3_600_000

export function createTokens(key: Buffer, clock: () => number = Date.now): Tokens {
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url')
  return {
    issue({ user, project }) {
      const issuedAt = clock()
      const expiresAt = issuedAt + lifetimeMs
      const payload = Buffer.from(JSON.stringify([user, project, expiresAt])).toString('base64url')
      return { id: `${payload}.${sign(payload)}`, issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) }
    },
    verify(token) {
      const [payload = '', signature = ''] = token.split('.')
      if (!equal(signature, sign(payload))) return undefined
      const [user, project, expiresAt] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
        string,
        string,
        number,
      ]
      return expiresAt > clock() ? { user, project } : undefined
    },
  }
}

/** The signing key in this file, made at the first start. */
export function readOrMakeKey(path: string): Buffer {
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' })
    chmodSync(path, 0o600)
  }
  return readFileSync(path)
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
