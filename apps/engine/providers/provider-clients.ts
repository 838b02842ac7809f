// Clients of network providers: one for each provider, with its token and connections, made again when it is edited.
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client.ts'
import { createHttpClient, type HttpClient } from '@patchbay/networking-api/http-client.ts'
import { createTokenSource, isIdentityV3 } from '@patchbay/networking-api/identity-client.ts'
import { ProviderError } from '@patchbay/networking-api/provider-error.ts'
import { Fault } from '../faults.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Secrets } from './secrets.ts'

export interface ProviderClients extends AsyncDisposable {
  /** Calls the provider. What goes wrong there is thrown as the fault PROVIDER_FAILURE with the reason. */
  ask<Result>(provider: Provider, question: (client: NetworkingClient) => Promise<Result>): Promise<Result>
  /** Closes what belongs to a provider that was removed. */
  forget(providerId: string): Promise<void>
}

export interface ProviderTimeouts {
  readonly connectTimeoutMs?: number
  readonly timeoutMs?: number
}

export function createProviderClients(secrets: Secrets, timeouts: ProviderTimeouts): ProviderClients {
  const clients = new Map<
    string,
    { readonly of: string; readonly http: HttpClient; readonly client: NetworkingClient }
  >()

  function clientOf(provider: Provider): NetworkingClient {
    const fingerprint = fingerprintOf(provider)
    const known = clients.get(provider.id)
    if (known?.of === fingerprint) return known.client
    void known?.http.close()
    const http = createHttpClient(timeouts)
    const client = createNetworkingClient(http, provider.url, tokensOf(provider, http, secrets))
    clients.set(provider.id, { of: fingerprint, http, client })
    return client
  }

  return {
    async ask(provider, question) {
      try {
        return await question(clientOf(provider))
      } catch (error) {
        if (error instanceof ProviderError) throw new ProviderFailure(provider, error)
        throw error
      }
    },
    async forget(providerId) {
      const known = clients.get(providerId)
      clients.delete(providerId)
      await known?.http.close()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...clients.values()].map(({ http }) => http.close()))
    },
  }
}

/** The fault that a failing provider is told as; the cause keeps the details. */
export class ProviderFailure extends Fault<'PROVIDER_FAILURE'> {
  override readonly cause: ProviderError

  constructor(provider: Provider, cause: ProviderError) {
    super('PROVIDER_FAILURE', { reason: `${provider.name}: ${cause.message}` })
    this.cause = cause
  }
}

/** All that a connection depends on: an edited description cuts off nobody. */
function fingerprintOf({ url, requiresAuthentication, username, sealedPassword, ...provider }: Provider): string {
  const { authenticationUrl, tenantName, userDomainName, projectName, projectDomainName } = provider
  const place = [authenticationUrl, tenantName, userDomainName, projectName, projectDomainName]
  return JSON.stringify([url, requiresAuthentication, username, sealedPassword, ...place])
}

function tokensOf(provider: Provider, http: HttpClient, secrets: Secrets) {
  const { requiresAuthentication, authenticationUrl: authUrl } = provider
  if (!requiresAuthentication) return undefined
  return createTokenSource(http, {
    authUrl,
    username: provider.username,
    password: provider.sealedPassword && passwordOf(provider, secrets),
    // For v3 the real engine takes the project's name only, and none from what is filled in for v2.0.
    tenantName: (isIdentityV3(authUrl) && provider.projectName) || provider.tenantName || undefined,
    userDomainName: provider.userDomainName || undefined,
    projectDomainName: provider.projectDomainName || undefined,
  })
}

function passwordOf({ name, sealedPassword }: Provider, secrets: Secrets): string {
  try {
    return secrets.open(sealedPassword)
  } catch {
    throw new Fault('PROVIDER_PASSWORD_UNREADABLE', { name })
  }
}
