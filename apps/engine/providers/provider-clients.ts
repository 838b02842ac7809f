// Clients of network providers: one for each provider, with its token and connections, made again when it is edited.
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient, type HttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { createTokenSource, isIdentityV3 } from '@patchbay/networking-api/client/identity-client.ts'
import { ProviderError } from '@patchbay/networking-api/client/provider-error.ts'
import { Fault } from '../faults.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Store } from '../store/store.ts'
import { type CircuitBreaker, createCircuitBreaker, type Health } from './circuit-breaker.ts'
import type { Secrets } from './secrets.ts'
import type { TrustStore } from './trust-store.ts'
import { createUnmanagedClient, isUnmanaged } from './unmanaged-client.ts'

export interface ProviderClients extends AsyncDisposable {
  /**
   * Calls the provider. What goes wrong there is thrown as the fault PROVIDER_FAILURE with the reason; at once, while the
   * provider is known to be away. `anyway`: it is called also then.
   */
  ask<Result>(
    provider: Provider,
    question: (client: NetworkingClient) => Promise<Result>,
    how?: { readonly anyway: boolean },
  ): Promise<Result>
  /** The same with a provider that is not kept, and may never be. */
  tryOut(provider: Provider, question: (client: NetworkingClient) => Promise<void>): Promise<void>
  /** What the last calls say of it. */
  health(provider: Provider): Health
  /** Closes what belongs to a provider that was removed. */
  forget(providerId: string): Promise<void>
}

export interface ProviderTimeouts {
  readonly connectTimeoutMs?: number
  readonly timeoutMs?: number
}

export interface ClientParts {
  readonly store: Store
  readonly secrets: Secrets
  readonly trust: TrustStore
  readonly timeouts: ProviderTimeouts
  /** Told when a provider became unreachable, or is up again. */
  readonly changed: (provider: Provider, health: Health) => void
}

interface Connection {
  /** All that it depends on. */
  readonly of: string
  readonly client: NetworkingClient
  readonly breaker: CircuitBreaker
  close(): Promise<void>
}

export function createProviderClients({ store, secrets, trust, timeouts, changed }: ClientParts): ProviderClients {
  const connections = new Map<string, Connection>()

  function connectionOf(provider: Provider): Connection {
    const of = fingerprintOf(provider)
    const known = connections.get(provider.id)
    if (known?.of === of) return known
    void known?.close()
    const breaker = createCircuitBreaker((health) => changed(provider, health))
    const made = { of, breaker, ...connect(provider) }
    connections.set(provider.id, made)
    return made
  }

  function connect(provider: Provider): Pick<Connection, 'client' | 'close'> {
    if (isUnmanaged(provider)) return { client: createUnmanagedClient(store, provider.id), close: async () => {} }
    const http = createHttpClient({ ...timeouts, trust: () => trust.context() })
    const client = createNetworkingClient(http, provider.url, tokensOf(provider, http, secrets))
    return { client, close: () => http.close() }
  }

  return {
    ask: (provider, question, how) =>
      told(provider, async () => {
        const { breaker, client } = connectionOf(provider)
        return breaker.run(() => question(client), how)
      }),
    tryOut: (provider, question) =>
      told(provider, async () => {
        const { client, close } = connect(provider)
        await question(client).finally(close)
      }),
    health(provider) {
      const known = connections.get(provider.id)
      return known?.of === fingerprintOf(provider) ? known.breaker.health() : neverAsked
    },
    async forget(providerId) {
      const known = connections.get(providerId)
      connections.delete(providerId)
      await known?.close()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...connections.values()].map(({ close }) => close()))
    },
  }
}

/** What is listed page by page; each page is a call of its own. */
export async function* pagesOf<Item>(
  clients: ProviderClients,
  provider: Provider,
  list: (client: NetworkingClient) => AsyncGenerator<Item[], void, undefined>,
): AsyncGenerator<Item[], void, undefined> {
  const pages = await clients.ask(provider, async (client) => list(client))
  for (;;) {
    const { value, done } = await clients.ask(provider, () => pages.next())
    if (done) return
    yield value
  }
}

const neverAsked: Health = { availability: 'unknown', reason: '', since: 0 }

/** The fault that a failing provider is told as; the cause keeps the details. */
export class ProviderFailure extends Fault<'PROVIDER_FAILURE'> {
  override readonly cause: ProviderError

  constructor(provider: Pick<Provider, 'name'>, cause: ProviderError) {
    super('PROVIDER_FAILURE', { reason: `${provider.name}: ${cause.message}` })
    this.cause = cause
  }
}

export async function told<Result>(provider: Pick<Provider, 'name'>, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof ProviderError) throw new ProviderFailure(provider, error)
    throw error
  }
}

/** All that a connection depends on: an edited description cuts off nobody. */
function fingerprintOf({ url, requiresAuthentication, username, sealedPassword, ...provider }: Provider): string {
  const { authenticationUrl, tenantName, userDomainName, projectName, projectDomainName } = provider
  const place = [authenticationUrl, tenantName, userDomainName, projectName, projectDomainName]
  return JSON.stringify([isUnmanaged(provider), url, requiresAuthentication, username, sealedPassword, ...place])
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
