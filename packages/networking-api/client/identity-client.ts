// Logging in at an Identity service: tokens of Keystone's APIs v2.0 and v3.

import { isObject } from '../resources/kinds.ts'
import type { HttpClient } from './http-client.ts'
import { ProviderError } from './provider-error.ts'

export interface Credentials {
  /** Up to and including the version, which decides how to log in: `https://host:35357/v2.0`, `https://host:5000/v3`. */
  readonly authUrl: string
  readonly username: string
  readonly password: string
  /** v2.0: the tenant, v3: the project that the token is for. Left out: whatever the service gives then. */
  readonly tenantName?: string
  /** v3 only; left out: `Default`. */
  readonly userDomainName?: string
  /** v3 only, of the project; left out: the user's. */
  readonly projectDomainName?: string
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

/** Whether an authentication URL is that of Identity v3: it ends in `/v3` or `/v3/`, as oVirt reads it. */
export const isIdentityV3 = (authUrl: string) => /\/v3\/*$/.test(authUrl)

/** Throws a ProviderError; a refused login is `unauthorized`. */
function logIn(http: HttpClient, credentials: Credentials): Promise<string> {
  return isIdentityV3(credentials.authUrl) ? logInV3(http, credentials) : logInV2(http, credentials)
}

/** `POST {authUrl}/tokens`. */
async function logInV2(http: HttpClient, { authUrl, username, password, tenantName }: Credentials): Promise<string> {
  const url = `${withoutSlash(authUrl)}/tokens`
  const { body } = await http.send('POST', url, {
    body: { auth: { passwordCredentials: { username, password }, ...(tenantName && { tenantName }) } },
  })
  const id = isObject(body) && isObject(body.access) && isObject(body.access.token) ? body.access.token.id : undefined
  if (typeof id === 'string' && id !== '') return id
  throw noToken(url, 'access.token.id', 'v2.0')
}

/** `POST {authUrl}/auth/tokens`; the body is oVirt's (KeystoneV3TokenProvider). */
async function logInV3(http: HttpClient, credentials: Credentials): Promise<string> {
  const { authUrl, username: name, password, tenantName } = credentials
  const userDomain = { name: credentials.userDomainName || 'Default' }
  const projectDomain = { name: credentials.projectDomainName || userDomain.name }
  const url = `${withoutSlash(authUrl)}/auth/tokens`
  const identity = { methods: ['password'], password: { user: { domain: userDomain, name, password } } }
  const scope = tenantName && { project: { domain: projectDomain, name: tenantName } }
  const { headers } = await http.send('POST', url, { body: { auth: { identity, ...(scope && { scope }) } } })
  const token = headers['x-subject-token']
  if (typeof token === 'string' && token !== '') return token
  throw noToken(url, 'the header X-Subject-Token', 'v3')
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

function noToken(url: string, missing: string, version: string): ProviderError {
  return new ProviderError(
    'malformed',
    `${url} answered without ${missing}. Is this the URL of an Identity ${version} API?`,
  )
}
