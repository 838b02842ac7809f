// The provider's parts, built in the order in which they need each other.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createMetrics } from '@patchbay/service/http.ts'
import type { Backend } from './backends/backend.ts'
import { openEmbeddedBackend } from './backends/embedded/embedded-backend.ts'
import type { ProviderConfig } from './config.ts'
import { createTokens, readOrMakeKey, type Tokens } from './identity/tokens.ts'
import { createUsers, type Users } from './identity/users.ts'
import { createNetworkService, prepareNetworks } from './services/networks.ts'
import { createPortService } from './services/ports.ts'
import { createSubnetService } from './services/subnets.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: ProviderConfig) {
  const backend = openEmbeddedBackend(config)
  await prepareNetworks(backend)
  const parts = { backend, newId: randomUUID, now: () => `${new Date().toISOString().slice(0, 19)}Z` }
  return {
    config,
    backend: backend as Backend,
    identity: await createIdentity(config),
    metrics: createMetrics(),
    networks: createNetworkService(parts),
    subnets: createSubnetService(parts),
    ports: createPortService(parts),
  }
}

/** undefined: authentication is off. */
async function createIdentity({
  administrator,
  dataDir,
}: ProviderConfig): Promise<{ users: Users; tokens: Tokens } | undefined> {
  if (!administrator) return undefined
  return { users: await createUsers(administrator), tokens: createTokens(readOrMakeKey(join(dataDir, 'token.key'))) }
}
