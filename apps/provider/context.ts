// The provider's parts, built in the order in which they need each other.
import { randomUUID } from 'node:crypto'
import { createMetrics } from '@patchbay/service/http.ts'
import type { Backend } from './backends/backend.ts'
import { openEmbeddedBackend } from './backends/embedded/embedded-backend.ts'
import type { ProviderConfig } from './config.ts'
import { openIdentity } from './identity/identity.ts'
import { guarded, networkPolicy, portPolicy, subnetPolicy } from './services/access.ts'
import { createNetworkService, prepareNetworks } from './services/networks.ts'
import { createPortService } from './services/ports.ts'
import { createSubnetService } from './services/subnets.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: ProviderConfig) {
  const backend = openEmbeddedBackend(config)
  await prepareNetworks(backend)
  const parts = { backend, newId: randomUUID, now: () => `${new Date().toISOString().slice(0, 19)}Z` }
  const ports = createPortService(parts)
  return {
    config,
    backend: backend as Backend,
    /** undefined: authentication is off. */
    identity: config.identity && (await openIdentity({ dataDir: config.dataDir, ...config.identity })),
    metrics: createMetrics(),
    networks: guarded(createNetworkService(parts), networkPolicy, backend.state),
    subnets: guarded(createSubnetService(parts), subnetPolicy, backend.state),
    ports: guarded(ports, portPolicy, backend.state),
    setWired: ports.setWired,
  }
}
