// The provider's Networking API as the laboratory uses it: an administrator's view beside the engine's.
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { createTokenSource } from '@patchbay/networking-api/client/identity-client.ts'

export type ProviderApi = NetworkingClient & AsyncDisposable

export function createProviderApi(url: string, authUrl: string, username: string, password: string): ProviderApi {
  const http = createHttpClient({ timeoutMs: 10_000, connectTimeoutMs: 5_000 })
  const client = createNetworkingClient(http, url, createTokenSource(http, { authUrl, username, password }))
  return { ...client, [Symbol.asyncDispose]: () => http.close() }
}
