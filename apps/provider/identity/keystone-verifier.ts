// Tokens of an external Keystone: it is asked about each, and its word holds for a short time.
import { hash } from 'node:crypto'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { createBoundedCache } from './bounded-cache.ts'
import { createKeystoneClient, unavailable } from './keystone-client.ts'
import type { KeystoneOptions } from './keystone-options.ts'
import { createOwnTokenSource } from './keystone-own-token.ts'
import type { KeystoneToken } from './keystone-token.ts'
import { watchKeystone } from './keystone-watch.ts'
import type { Principal } from './principal.ts'
import type { TokenVerifier } from './token-verifier.ts'

export interface KeystoneVerifier extends TokenVerifier, AsyncDisposable {
  /** For clients that have no token. */
  readonly url: string
  /** Why tokens cannot be checked, or undefined when they can. */
  missing(): string | undefined
}

export interface Bounds {
  /** For each call of Keystone. */
  readonly timeoutMs: number
  /** Between attempts to reach a Keystone that is away. */
  readonly retryMs: number
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
  bounds: Partial<Bounds> = {},
  clock: () => number = Date.now,
): KeystoneVerifier {
  const { timeoutMs, retryMs, maxPending, maxRemembered } = { ...usualBounds, ...bounds }
  const client = createKeystoneClient(options, timeoutMs)
  const own = createOwnTokenSource(client.logIn, clock)
  const good = createBoundedCache<Principal>(maxRemembered, clock)
  const bad = createBoundedCache<'unknown' | 'powerless'>(maxRemembered, clock)
  const pending = new Map<string, Promise<Principal | undefined>>()

  const look = async (tokenOf: (own: string) => string): Promise<KeystoneToken | 'unknown'> => {
    const first = await own.current()
    const answer = await client.look(tokenOf(first), first)
    if (answer !== 'log in') return answer
    const second = await own.current(first)
    const again = await client.look(tokenOf(second), second)
    if (again === 'log in') throw unavailable(`Keystone at ${options.url} refuses the token that it gave the provider.`)
    return again
  }
  const watched = async (tokenOf: (own: string) => string) => {
    try {
      const answer = await look(tokenOf)
      watch.succeeded()
      return answer
    } catch (error) {
      watch.failed((error as Error).message)
      throw error
    }
  }
  // The provider's own token is as good as any to see whether Keystone answers.
  const probe = () =>
    watched((own) => own).then(
      () => {},
      () => {},
    )
  const watch = watchKeystone(probe, retryMs)
  void probe()

  const check = async (key: string, token: string): Promise<Principal | undefined> => {
    const answer = await watched(() => token)
    const now = clock()
    if (answer === 'unknown' || answer.expiresAt <= now) {
      bad.set(key, 'unknown', now + Math.min(refusalMs, options.cacheMs))
      return undefined
    }
    const { principal, expiresAt } = answer
    const until = Math.min(now + options.cacheMs, expiresAt)
    if (principal) good.set(key, principal, until)
    else bad.set(key, 'powerless', until)
    return principal ?? powerless()
  }
  return {
    url: options.url,
    verify(token) {
      if (!looksLikeToken(token)) return undefined
      const key = hash('sha256', token, 'base64')
      const principal = good.get(key)
      if (principal) return principal
      const refusal = bad.get(key)
      if (refusal) return refusal === 'powerless' ? powerless() : undefined
      const asked = pending.get(key)
      if (asked) return asked
      if (pending.size >= maxPending) throw unavailable('too many tokens are being checked. Try again later.')
      const answer = check(key, token).finally(() => pending.delete(key))
      pending.set(key, answer)
      return answer
    },
    missing: watch.missing,
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]()
      await client.close()
    },
  }
}

/** What fits into a header; Keystone is not bothered with anything else. */
const looksLikeToken = (text: string) => /^[\x21-\x7e]{1,8192}$/.test(text)

/** As Neutron answers to a token with none of the roles that it knows. */
function powerless(): never {
  throw new NetworkingError('PolicyNotAuthorized', { rule: 'admin_or_project_reader' })
}
