// A running provider: context, servers, and their orderly end.
import type { Logger } from 'pino'
import type { ProviderConfig } from './config.ts'
import { createContext } from './context.ts'
import { createIdentityServer, createNetworkingServer } from './server.ts'

export interface Provider extends AsyncDisposable {
  readonly url: string
  /** For `authentication_url`; undefined where authentication is off. */
  readonly identityUrl: string | undefined
}

export async function startProvider(config: ProviderConfig, logger: Logger): Promise<Provider> {
  await using started = new AsyncDisposableStack()
  const context = await createContext(config)
  started.use(context.backend)
  started.use(context.users)
  const endpoints = { network: '', identity: '' }
  const identity = createIdentityServer(context, logger, () => endpoints)
  if (identity) {
    started.defer(() => identity.close())
    endpoints.identity = await identity.listen(config.identityListen)
  }
  const api = context.users?.identityApi
  const identityUrl = typeof api === 'string' ? api : api && `${endpoints.identity}/v2.0`
  const networking = createNetworkingServer(context, logger, identityUrl)
  started.defer(() => networking.close())
  const url = await networking.listen(config.listen)
  endpoints.network = url
  const stack = started.move()
  return { url, identityUrl, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
