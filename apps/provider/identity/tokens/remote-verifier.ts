// Tokens that another service gave: it is asked about each, and its word holds for a short time.
import { hash } from 'node:crypto'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { Principal } from '../principal.ts'
import { createBoundedCache } from './bounded-cache.ts'
import type { TokenVerifier } from './token-verifier.ts'

/** What the service says about a token that it knows. */
export interface RemoteToken {
  /** undefined: the token has none of our roles in any project. */
  readonly principal: Principal | undefined
  /** ms since 1970; Infinity: the service does not say. */
  readonly expiresAt: number
}

export interface Inquiry extends AsyncDisposable {
  /** Throws a NetworkingError with status 503 while the service gives no proper answer. */
  about(token: string): Promise<RemoteToken | 'unknown'>
  /** Why tokens cannot be checked, or undefined when they can. */
  missing(): string | undefined
}

export interface InquiryBounds {
  /** For each call of the service. */
  readonly timeoutMs: number
  /** Between attempts to reach a service that is away. */
  readonly retryMs: number
}

export interface Bounds extends InquiryBounds {
  /** Tokens that are being checked at one time; more are refused with 503. */
  readonly maxPending: number
  /** Tokens that are remembered, good and bad ones apart: bad ones must not push out good ones. */
  readonly maxRemembered: number
}

export const usualBounds: Bounds = { timeoutMs: 5_000, retryMs: 5_000, maxPending: 256, maxRemembered: 10_000 }
/** How long "unknown" holds at most. */
const refusalMs = 10_000

export interface RemoteVerifier extends TokenVerifier, AsyncDisposable {
  /** Why tokens cannot be checked, or undefined when they can. */
  missing(): string | undefined
}

export function createRemoteVerifier(
  inquiry: Inquiry,
  { cacheMs, maxPending, maxRemembered }: Bounds & { readonly cacheMs: number },
  clock: () => number = Date.now,
): RemoteVerifier {
  const verdicts = createVerdicts(cacheMs, maxRemembered, clock)
  const pending = new Map<string, Promise<Principal | undefined>>()
  const ask = (key: string, token: string) => {
    if (pending.size >= maxPending) throw unavailable('too many tokens are being checked. Try again later.')
    const asked = inquiry
      .about(token)
      .then((answer) => verdicts.remember(key, answer))
      .then(principalOf)
      .finally(() => pending.delete(key))
    pending.set(key, asked)
    return asked
  }
  return {
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

export const unavailable = (what: string) =>
  new NetworkingError('ServiceUnavailable', { reason: `Tokens cannot be checked: ${what}` })

type Verdict = Principal | 'unknown' | 'powerless'

function createVerdicts(cacheMs: number, maxSize: number, clock: () => number) {
  const good = createBoundedCache<Principal>(maxSize, clock)
  const bad = createBoundedCache<'unknown' | 'powerless'>(maxSize, clock)
  return {
    of: (key: string): Verdict | undefined => good.get(key) ?? bad.get(key),
    remember(key: string, answer: RemoteToken | 'unknown'): Verdict {
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

/** What fits into a header; the service is not bothered with anything else. */
const looksLikeToken = (text: string) => /^[\x21-\x7e]{1,8192}$/.test(text)
