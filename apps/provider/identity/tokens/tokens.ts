// Tokens that need no storage: what they say is signed, so they survive a restart and cost one hash to check.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Principal, Role } from '../principal.ts'
import type { Revocations } from './revocations.ts'

/** How the user proved who it is; Keystone's words. */
export type Method = 'password' | 'token'

export interface Token extends Principal {
  readonly methods: readonly Method[]
  /** Names the token without giving it away: in logs, and in the list of revoked ones. */
  readonly auditId: string
  readonly issuedAt: Date
  readonly expiresAt: Date
}

export interface Tokens {
  /** `expiresAt`: of the token that this one comes from; a chain of tokens does not live longer than its first. */
  issue(
    principal: Principal,
    methods: readonly Method[],
    expiresAt?: Date,
  ): { readonly id: string; readonly token: Token }
  /** What the token says; undefined when it is not ours, altered, expired or revoked. */
  verify(id: string): Token | undefined
  revoke(token: Token): void
}

const keyBytes = 32

export function createTokens(
  key: Buffer,
  { lifetimeMs, revocations, clock = Date.now }: { lifetimeMs: number; revocations: Revocations; clock?: () => number },
): Tokens {
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url')
  return {
    issue(principal, methods, until) {
      const issuedAt = clock()
      const token: Token = {
        ...principal,
        methods,
        auditId: randomBytes(12).toString('base64url'),
        issuedAt: new Date(issuedAt),
        expiresAt: until ?? new Date(issuedAt + lifetimeMs),
      }
      const payload = Buffer.from(JSON.stringify(toClaims(token))).toString('base64url')
      return { id: `${payload}.${sign(payload)}`, token }
    },
    verify(id) {
      const [payload = '', signature = '', ...rest] = id.split('.')
      if (rest.length > 0 || !equal(signature, sign(payload))) return undefined
      const token = fromClaims(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims)
      return token && token.expiresAt.getTime() > clock() && !revocations.has(token.auditId) ? token : undefined
    },
    revoke: ({ auditId, expiresAt }) => revocations.add(auditId, expiresAt),
  }
}

/** Version, then user, project, roles, methods, audit id, times in ms: a list keeps the header short. */
type Claims = readonly [2, string, string, string, string, readonly Role[], readonly Method[], string, number, number]

const toClaims = ({ user, project, roles, methods, auditId, issuedAt, expiresAt }: Token): Claims => [
  2,
  user.id,
  user.name,
  project.id,
  project.name,
  roles,
  methods,
  auditId,
  issuedAt.getTime(),
  expiresAt.getTime(),
]

function fromClaims([
  version,
  userId,
  userName,
  projectId,
  projectName,
  roles,
  methods,
  auditId,
  issued,
  expires,
]: Claims): Token | undefined {
  if (version !== 2) return undefined
  return {
    user: { id: userId, name: userName },
    project: { id: projectId, name: projectName },
    roles,
    methods,
    auditId,
    issuedAt: new Date(issued),
    expiresAt: new Date(expires),
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
