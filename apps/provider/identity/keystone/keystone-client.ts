// What the provider asks an external Keystone: a token for itself, and whose another token is (Identity API v3).

import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { ProviderError, type ProviderFailure } from '@patchbay/networking-api/client/provider-error.ts'
import type { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import { type RemoteToken, unavailable } from '../tokens/remote-verifier.ts'
import type { KeystoneOptions } from './keystone-options.ts'
import { readKeystoneToken } from './keystone-token.ts'

export interface OwnToken {
  readonly id: string
  /** ms since 1970. */
  readonly expiresAt: number
}

/** Whatever fails is thrown as a NetworkingError: 503, and why. Nothing in it gives a token or the password away. */
export interface KeystoneClient {
  logIn(): Promise<OwnToken>
  /** 'unknown': Keystone does not have this token, or no longer. 'log in': it does not take ours any more. */
  look(token: string, own: string): Promise<RemoteToken | 'unknown' | 'log in'>
  close(): Promise<void>
}

export function createKeystoneClient(options: KeystoneOptions, timeoutMs: number): KeystoneClient {
  const { url, ca } = options
  const http = createHttpClient({ ...(ca !== undefined && { ca }), connectTimeoutMs: timeoutMs, timeoutMs })
  const ask = async (method: 'GET' | 'POST', content: { body?: object; headers?: Record<string, string> }) => {
    try {
      const answer = await http.send(method, `${url}/auth/tokens?nocatalog`, { ...content, accept: [401, 403, 404] })
      // Only Keystone itself can say that it does not know a token: behind a wrong URL is 404 too.
      if (!isObject(answer.body) || !isObject(answer.body.error ?? answer.body.token)) throw failure(url, 'malformed')
      return answer
    } catch (error) {
      throw error instanceof ProviderError ? failure(url, error.failure, error.status, timeoutMs) : error
    }
  }
  return {
    async logIn() {
      const { status, headers, body } = await ask('POST', { body: loginOf(options) })
      if (status === 401 || status === 403) throw failure(url, 'unauthorized')
      const id = headers['x-subject-token']
      const token = status === 201 ? readKeystoneToken(body) : undefined
      if (typeof id !== 'string' || !token) throw failure(url, 'malformed')
      return { id, expiresAt: token.expiresAt }
    },
    async look(token, own) {
      const { status, body } = await ask('GET', { headers: { 'x-auth-token': own, 'x-subject-token': token } })
      if (status === 404) return 'unknown'
      if (status === 401) return 'log in'
      if (status === 403) throw failure(url, 'forbidden')
      const found = status === 200 ? readKeystoneToken(body) : undefined
      if (!found) throw failure(url, 'malformed')
      return found
    },
    close: () => http.close(),
  }
}

function failure(url: string, kind: ProviderFailure | 'forbidden', status = 0, timeoutMs = 0): NetworkingError {
  const whatHappened = {
    unreachable: 'cannot be reached. Is it running, and is --keystone-url right?',
    timeout: `gave no answer within ${timeoutMs / 1000} s. Is it overloaded, or is a firewall dropping packets?`,
    tls: 'has no certificate that is trusted here. Check --keystone-ca, and http against https.',
    unauthorized: "refused the provider's own login. Check --keystone-user, its password, project and domain.",
    forbidden: "does not let the provider look at tokens. Give the provider's user role admin or service there.",
    rejected: `answered ${status}. Its log tells why.`,
    malformed: 'did not answer as Keystone does. Is --keystone-url that of its v3 API?',
  }
  return unavailable(`Keystone at ${url} ${whatHappened[kind]}`)
}

function loginOf({ user: name, password, project, domain: domainName }: KeystoneOptions): object {
  const domain = { name: domainName }
  return {
    auth: {
      identity: { methods: ['password'], password: { user: { name, domain, password } } },
      scope: { project: { name: project, domain } },
    },
  }
}
