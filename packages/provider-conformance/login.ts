// Logging in at the Identity API as the engine does: v2.0 and v3.
import { isObject, isSuccess } from './check.ts'
import type { Answer, Exchange } from './exchange.ts'

export interface Credentials {
  /** Up to and including the version: `https://host:35357/v2.0`. */
  readonly authUrl: string
  readonly username: string
  readonly password: string
  /** Tenant (v2.0) or project (v3). */
  readonly tenant?: string | undefined
  /** Of the user and of the project; v3 only. */
  readonly domain: string
}

export interface Login {
  readonly answer: Answer
  /** undefined when there is none in the answer. */
  readonly token: string | undefined
}

/** The URL without the version and without slashes at its end. */
export const identityRoot = (authUrl: string) => authUrl.replace(/\/(v3|v2\.0)\/*$/, '').replace(/\/+$/, '')

export const speaksV3 = ({ authUrl }: Credentials) => /\/v3\/*$/.test(authUrl)

/** With the version that the URL names. */
export function logIn(exchange: Exchange, credentials: Credentials): Promise<Login> {
  return speaksV3(credentials) ? logInV3(exchange, credentials) : logInV2(exchange, credentials)
}

/** `path` is what the engine makes of the URL; with a slash at the URL's end it has two. */
export async function logInV2(
  exchange: Exchange,
  { authUrl, username, password, tenant }: Credentials,
  path = '/v2.0/tokens',
): Promise<Login> {
  const auth = { passwordCredentials: { username, password }, ...(tenant && { tenantName: tenant }) }
  const answer = await post(exchange, identityRoot(authUrl) + path, { auth })
  const access = isObject(answer.body) ? answer.body.access : undefined
  const token = isObject(access) && isObject(access.token) ? access.token.id : undefined
  return { answer, token: typeof token === 'string' && token !== '' ? token : undefined }
}

export async function logInV3(
  exchange: Exchange,
  { authUrl, username, password, tenant, domain }: Credentials,
): Promise<Login> {
  const user = { domain: { name: domain }, name: username, password }
  const scope = tenant && { project: { domain: { name: domain }, name: tenant } }
  const auth = { identity: { methods: ['password'], password: { user } }, ...(scope && { scope }) }
  const answer = await post(exchange, `${identityRoot(authUrl)}/v3/auth/tokens`, { auth })
  const token = answer.headers['x-subject-token']
  return { answer, token: isSuccess(answer) && typeof token === 'string' ? token : undefined }
}

function post(exchange: Exchange, url: string, body: object): Promise<Answer> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  return exchange.send('POST', url, headers, JSON.stringify(body, null, 2))
}
