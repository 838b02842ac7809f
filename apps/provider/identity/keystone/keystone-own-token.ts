// The provider's own token at Keystone: fetched when first needed, and again before it expires.
import type { OwnToken } from './keystone-client.ts'

export interface OwnTokenSource {
  /** One that is not `refused`. Callers that come together share one login. */
  current(refused?: string): Promise<string>
}

/** Not used in its last moments: what takes long must not fail for that. */
const reserveMs = 30_000
/** Keystone locks users out who fail too often. */
const pauseAfterFailureMs = 1_000

export function createOwnTokenSource(logIn: () => Promise<OwnToken>, clock: () => number = Date.now): OwnTokenSource {
  let known: OwnToken | undefined
  let login: Promise<OwnToken> | undefined
  let failure: { readonly error: unknown; readonly until: number } | undefined
  const start = () =>
    logIn()
      .then((token) => {
        known = token
        return token
      })
      .catch((error) => {
        failure = { error, until: clock() + pauseAfterFailureMs }
        throw error
      })
      .finally(() => {
        login = undefined
      })
  return {
    async current(refused) {
      if (known && known.id !== refused && known.expiresAt - reserveMs > clock()) return known.id
      if (!login && failure && failure.until > clock()) throw failure.error
      login ??= start()
      return (await login).id
    },
  }
}
