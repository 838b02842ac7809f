// What the provider asks an oVirt engine's SSO: a token for a name and a password, and whose another token is.
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { ProviderError, type ProviderFailure } from '@patchbay/networking-api/client/provider-error.ts'
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import { unavailable } from '../tokens/remote-verifier.ts'
import type { OvirtOptions } from './ovirt-options.ts'
import { type OvirtTokenInfo, readTokenInfo } from './ovirt-token-info.ts'

/** Whatever fails is thrown as a NetworkingError: 503, and why. Nothing in it gives a token, password or secret away. */
export interface OvirtClient {
  /** The token; undefined: the name or the password is wrong. */
  logIn(name: string, password: string): Promise<string | undefined>
  look(token: string): Promise<OvirtTokenInfo | 'unknown'>
  close(): Promise<void>
}

/** What ovirt-provider-ovn asks for: with it a token opens the engine's API, and may be asked about. */
const scope = 'ovirt-app-api ovirt-ext=token-info:validate'

export function createOvirtClient({ url, client, secret, ca }: OvirtOptions, timeoutMs: number): OvirtClient {
  const http = createHttpClient({ ...(ca !== undefined && { ca }), connectTimeoutMs: timeoutMs, timeoutMs })
  const credentials = `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`
  const ask = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    try {
      const body = new URLSearchParams(form)
      const answer = await http.send('POST', `${url}/sso/oauth/${path}`, { body, headers, accept: [400, 401, 403] })
      if (isObject(answer.body)) return answer.body
      throw failure(url, 'malformed')
    } catch (error) {
      throw error instanceof ProviderError ? failure(url, error.failure, error.status, timeoutMs) : error
    }
  }
  return {
    async logIn(username, password) {
      const answer = await ask('token', { grant_type: 'password', scope, username, password })
      if (typeof answer.access_token === 'string' && answer.access_token !== '') return answer.access_token
      const code = errorCode(answer)
      if (code === 'access_denied' || code === 'invalid_grant') return undefined
      if (!/^[a-z_]{1,40}$/.test(code)) throw failure(url, 'malformed')
      throw unavailable(`the oVirt engine at ${url} takes no logins by password (${code}). Its log tells more.`)
    },
    async look(token) {
      const answer = await ask('token-info', { token }, { authorization: credentials })
      const code = errorCode(answer)
      if (code === 'invalid_grant' || code === 'invalid_token') return 'unknown'
      if (code !== '') throw failure(url, 'unauthorized')
      const info = readTokenInfo(answer)
      if (info === undefined) throw failure(url, 'malformed')
      return info === 'inactive' ? 'unknown' : info
    },
    close: () => http.close(),
  }
}

/** Engines say it in `error_code` beside a text in `error`, or in `error` beside `error_description`. '' when there is none. */
function errorCode({ error_code, error }: Record<string, unknown>): string {
  const code = error_code ?? error
  return typeof code === 'string' ? code : ''
}

function failure(url: string, kind: ProviderFailure, status = 0, timeoutMs = 0) {
  const whatHappened = {
    unreachable: 'cannot be reached. Is it running, and is --ovirt-url right?',
    timeout: `gave no answer within ${timeoutMs / 1000} s. Is it overloaded, or is a firewall dropping packets?`,
    tls: 'has no certificate that is trusted here. Check --ovirt-ca, and http against https.',
    unauthorized: 'does not let the provider ask about tokens. Check --ovirt-client and its secret.',
    rejected: `answered ${status}. Is --ovirt-url right? Its log tells more.`,
    malformed: "did not answer as an engine's SSO does. Is --ovirt-url right?",
  }
  return unavailable(`the oVirt engine at ${url} ${whatHappened[kind]}`)
}
