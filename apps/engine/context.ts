// The engine's parts, built in the order in which they need each other.
import type { Logger } from 'pino'
import type { EngineConfig } from './config.ts'
import { createEventLog } from './events.ts'
import { createHostConnections } from './hosts/host-connections.ts'
import { createHostMonitor } from './hosts/host-monitor.ts'
import { createVmWatch } from './hosts/vm-watch.ts'
import { createLocks } from './lifecycle/locks.ts'
import type { Parts } from './lifecycle/parts.ts'
import { createWorkflowRunner } from './lifecycle/workflow-runner.ts'
import { workflows } from './lifecycle/workflows.ts'
import { createEngineMetrics } from './metrics.ts'
import { createProviderClients } from './providers/provider-clients.ts'
import { createSecrets, readOrMakeSecretKey } from './providers/secrets.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import { createClusterService, createDataCenterService, createHostService } from './services/infrastructure.ts'
import { createNetworkService } from './services/networks.ts'
import { createNicService } from './services/nics.ts'
import { createProviderNetworkService } from './services/provider-networks.ts'
import { createProviderService } from './services/providers.ts'
import { createVmService } from './services/vms.ts'
import { createSessions } from './sso/sessions.ts'
import { openStore } from './store/store.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: EngineConfig, log: Logger) {
  const store = await openStore(config.databaseFile)
  const secrets = createSecrets(readOrMakeSecretKey(config.secretKeyFile))
  const providers = createProviderClients(secrets, config.providerTimeouts)
  const events = createEventLog(store)
  const connections = createHostConnections(
    { tls: config.hostsTls, patienceMs: config.hostPatienceMs },
    createHostMonitor(() => parts),
  )
  const locks = createLocks()
  const runner = createWorkflowRunner<Parts>(store, locks, workflows, () => parts, log)
  const parts: Parts = {
    store,
    providers,
    events,
    hosts: connections,
    watch: createVmWatch(connections),
    scheduler: createScheduler(store),
    locks,
    workflows: runner,
    log,
  }
  return {
    config,
    parts,
    metrics: createEngineMetrics(store),
    sessions: createSessions(config.sessionIdleMs),
    dataCenters: createDataCenterService(store),
    clusters: createClusterService(store),
    hosts: createHostService(store, connections),
    providers: createProviderService(store, providers, secrets, events),
    providerNetworks: createProviderNetworkService(parts),
    networks: createNetworkService(parts),
    vms: createVmService(parts),
    nics: createNicService(parts),
  }
}
