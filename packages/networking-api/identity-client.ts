// Logging in at an Identity service: tokens of Keystone's v2.0 API.
import type { HttpClient } from './http-client.ts'
import { isObject } from './kinds.ts'
import { ProviderError } from './provider-error.ts'

export interface Credentials {
  /** Up to and including the version: `https://host:35357/v2.0`. */
  readonly authUrl: string
  readonly username: string
  readonly password: string
  readonly tenantName?: string
}

/** A token that is fetched when first needed and again when the provider no longer takes it. */
export interface TokenSource {
  current(): Promise<string>
  /** A token that is not `refused`. Callers that come together share one login. */
  renewed(refused: string): Promise<string>
}

export function createTokenSource(http: HttpClient, credentials: Credentials): TokenSource {
  let token: Promise<string> | undefined
  const login = () => {
    const attempt = logIn(http, credentials)
    token = attempt
    attempt.catch(() => {
      if (token === attempt) token = undefined
    })
    return attempt
  }
  return {
    current: () => token ?? login(),
    async renewed(refused) {
      const before = token
      const known = await before
      if (known !== undefined && known !== refused) return known
      // Meanwhile another caller may have begun the login that this one needs too.
      return token === undefined || token === before ? login() : token
    },
  }
}

/** `POST {authUrl}/tokens`. Throws a ProviderError; a refused login is `unauthorized`. */
async function logIn(http: HttpClient, { authUrl, username, password, tenantName }: Credentials): Promise<string> {
  const url = `${authUrl.replace(/\/+$/, '')}/tokens`
  const { body } = await http.send('POST', url, {
    body: { auth: { passwordCredentials: { username, password }, ...(tenantName && { tenantName }) } },
  })
  const id = isObject(body) && isObject(body.access) && isObject(body.access.token) ? body.access.token.id : undefined
  if (typeof id === 'string' && id !== '') return id
  throw new ProviderError(
    'malformed',
    `${url} answered without access.token.id. Is this the URL of an Identity v2.0 API?`,
  )
}
