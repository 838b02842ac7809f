// Tokens that need no storage: what they say is signed, so they survive a restart and cost one hash to check.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

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
const keyBytes = 32

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
      const [payload = '', signature = '', ...rest] = token.split('.')
      if (rest.length > 0 || !equal(signature, sign(payload))) return undefined
      const [user, project, expiresAt] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
        string,
        string,
        number,
      ]
      return expiresAt > clock() ? { user, project } : undefined
    },
  }
}

/** The signing key in this file, made at the first start: whole or not at all, because anybody can sign with an empty one. */
export function readOrMakeKey(path: string): Buffer {
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, randomBytes(keyBytes), { mode: 0o600, flush: true })
    renameSync(`${path}.new`, path)
  }
  const key = readFileSync(path)
  if (key.length !== keyBytes)
    throw new Error(
      `${path} is not a signing key of ${keyBytes} bytes. Delete it to get a new one; all tokens end then.`,
    )
  return key
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
