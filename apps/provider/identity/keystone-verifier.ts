// Tokens of an external Keystone: it is asked about each, and its word holds for a short time.
import { hash } from 'node:crypto'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { createBoundedCache } from './bounded-cache.ts'
import { unavailable } from './keystone-client.ts'
import { type InquiryBounds, openInquiry } from './keystone-inquiry.ts'
import type { KeystoneOptions } from './keystone-options.ts'
import type { KeystoneToken } from './keystone-token.ts'
import type { Principal } from './principal.ts'
import type { TokenVerifier } from './token-verifier.ts'

export interface KeystoneVerifier extends TokenVerifier, AsyncDisposable {
  /** For clients that have no token. */
  readonly url: string
  /** Why tokens cannot be checked, or undefined when they can. */
  missing(): string | undefined
}

export interface Bounds extends InquiryBounds {
  /** Tokens that are being checked at one time; more are refused with 503. */
  readonly maxPending: number
  /** Tokens that are remembered, good and bad ones apart: bad ones must not push out good ones. */
  readonly maxRemembered: number
}

const usualBounds: Bounds = { timeoutMs: 5_000, retryMs: 5_000, maxPending: 256, maxRemembered: 10_000 }
/** How long "unknown" holds at most. */
const refusalMs = 10_000

/** Returns at once, whether Keystone answers or not: `missing()` tells. */
export function createKeystoneVerifier(
  options: KeystoneOptions,
  given: Partial<Bounds> = {},
  clock: () => number = Date.now,
): KeystoneVerifier {
  const bounds = { ...usualBounds, ...given }
  const inquiry = openInquiry(options, bounds, clock)
  const verdicts = createVerdicts(options.cacheMs, bounds.maxRemembered, clock)
  const pending = new Map<string, Promise<Principal | undefined>>()
  const ask = (key: string, token: string) => {
    if (pending.size >= bounds.maxPending) throw unavailable('too many tokens are being checked. Try again later.')
    const asked = inquiry
      .about(token)
      .then((answer) => verdicts.remember(key, answer))
      .then(principalOf)
      .finally(() => pending.delete(key))
    pending.set(key, asked)
    return asked
  }
  return {
    url: options.url,
    verify(token) {
      if (!looksLikeToken(token)) return undefined
      const key = hash('sha256', token, 'base64')
      const verdict = verdicts.of(key)
      return verdict === undefined ? (pending.get(key) ?? ask(key, token)) : principalOf(verdict)
    },
    missing: inquiry.missing,
    [Symbol.asyncDispose]: () => inquiry[Symbol.asyncDispose](),
  }
}

type Verdict = Principal | 'unknown' | 'powerless'

function createVerdicts(cacheMs: number, maxSize: number, clock: () => number) {
  const good = createBoundedCache<Principal>(maxSize, clock)
  const bad = createBoundedCache<'unknown' | 'powerless'>(maxSize, clock)
  return {
    of: (key: string): Verdict | undefined => good.get(key) ?? bad.get(key),
    remember(key: string, answer: KeystoneToken | 'unknown'): Verdict {
      const now = clock()
      if (answer === 'unknown' || answer.expiresAt <= now) {
        bad.set(key, 'unknown', now + Math.min(refusalMs, cacheMs))
        return 'unknown'
      }
      const { principal, expiresAt } = answer
      const until = Math.min(now + cacheMs, expiresAt)
      if (principal) good.set(key, principal, until)
      else bad.set(key, 'powerless', until)
      return principal ?? 'powerless'
    },
  }
}

function principalOf(verdict: Verdict): Principal | undefined {
  if (verdict === 'unknown') return undefined
  // As Neutron answers to a token with none of the roles that it knows.
  if (verdict === 'powerless') throw new NetworkingError('PolicyNotAuthorized', { rule: 'admin_or_project_reader' })
  return verdict
}

/** What fits into a header; Keystone is not bothered with anything else. */
const looksLikeToken = (text: string) => /^[\x21-\x7e]{1,8192}$/.test(text)
