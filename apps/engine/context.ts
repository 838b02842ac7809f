// The engine's parts, built in the order in which they need each other.
import type { Logger } from 'pino'
import { createAccess } from './access/access.ts'
import type { EngineConfig } from './config.ts'
import { createDriverDeployments } from './drivers/driver-deployment.ts'
import { createEventLog } from './events/event-log.ts'
import { recordCapabilities } from './hosts/host-capabilities.ts'
import { createHostConnections } from './hosts/host-connections.ts'
import { createTrafficHistory } from './hosts/traffic-history.ts'
import { createVmSamples } from './hosts/vm-samples.ts'
import { createVmWatch } from './hosts/vm-watch.ts'
import { createJobLog } from './jobs/job-log.ts'
import { createLocks } from './lifecycle/workflows/locks.ts'
import type { Parts } from './lifecycle/workflows/parts.ts'
import { createWorkflowRunner } from './lifecycle/workflows/workflow-runner.ts'
import { workflows } from './lifecycle/workflows/workflows.ts'
import { createLiveStream } from './live/live-stream.ts'
import { createEngineMetrics } from './metrics.ts'
import { createHostMonitor } from './monitoring/host-monitor.ts'
import { type Clock, openAuthority } from './pki/authority.ts'
import { createEngineIdentity } from './pki/engine-identity.ts'
import { createHostCertificates } from './pki/host-certificates.ts'
import { createHostTrust } from './pki/host-trust.ts'
import { createProviderSync } from './provider-sync/provider-sync.ts'
import { createProviderClients } from './providers/provider-clients.ts'
import { tellOfHealth } from './providers/provider-health.ts'
import { createSecrets, readOrMakeSecretKey } from './providers/secrets.ts'
import { createTrustStore } from './providers/trust-store.ts'
import { createReconciler } from './reconciliation/reconciler.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import { createPermissionService } from './services/access/permissions.ts'
import { createRoleService } from './services/access/roles.ts'
import { createUserService } from './services/access/users.ts'
import { createClusterService } from './services/clusters/clusters.ts'
import { createDataCenterService } from './services/clusters/data-centers.ts'
import { createDriverPackageService } from './services/driver-packages.ts'
import { createFilterParameterService } from './services/filter-parameters.ts'
import { createHostNetworkService } from './services/host-networks/host-networks.ts'
import { createNetworksOnHosts } from './services/host-networks/networks-on-hosts.ts'
import { createNicLabelService } from './services/host-networks/nic-labels.ts'
import { createUnmanagedNetworkService } from './services/host-networks/unmanaged-networks.ts'
import { createHostActions } from './services/hosts/host-actions.ts'
import { createHostDrivers } from './services/hosts/host-drivers.ts'
import { createHostService } from './services/hosts/hosts.ts'
import { createClusterNetworkService } from './services/networks/cluster-networks.ts'
import { createNetworkLabelService } from './services/networks/network-labels.ts'
import { createNetworkService } from './services/networks/networks.ts'
import { createVnicProfileService } from './services/networks/vnic-profiles.ts'
import { createMacPoolService } from './services/nics/mac-pools.ts'
import { createNicStatistics } from './services/nics/nic-statistics.ts'
import { createNicService } from './services/nics/nics.ts'
import { createProviderCertificateService } from './services/providers/provider-certificates.ts'
import { createProviderNetworkService } from './services/providers/provider-networks.ts'
import { createProviderPortService } from './services/providers/provider-ports.ts'
import { createProviderSubnetService } from './services/providers/provider-subnets.ts'
import { createProviderService } from './services/providers/providers.ts'
import { createPreviewService } from './services/vms/snapshot-previews.ts'
import { createSnapshotService } from './services/vms/snapshots.ts'
import { createTemplateNicService } from './services/vms/template-nics.ts'
import { createTemplateService } from './services/vms/templates.ts'
import { createVmActions } from './services/vms/vm-actions.ts'
import { createVmService } from './services/vms/vms.ts'
import { createSessions } from './sso/sessions.ts'
import type { Store } from './store/store.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: EngineConfig, store: Store, log: Logger, clock: Clock = Date.now) {
  const access = createAccess(store, config.administrator?.name)
  const sessions = createSessions(config.sessionIdleMs)
  const secrets = createSecrets(readOrMakeSecretKey(config.secretKeyFile))
  const events = createEventLog(store)
  const providerTrust = createTrustStore(config.providerTrustFile)
  const providers = createProviderClients({
    store,
    secrets,
    trust: providerTrust,
    timeouts: config.providerTimeouts,
    changed: (provider, health) => tellOfHealth(events, log, provider, health),
  })
  const authority = await openAuthority(config.caDir, clock)
  const certificates = createHostCertificates(store, authority, clock)
  const identity =
    config.ownNames.length > 0 ? await createEngineIdentity(authority, config.ownNames, clock) : undefined
  // Files that were given go before certificates of the engine's own.
  const trust = identity && !config.hostsTls ? createHostTrust(store, certificates, identity, log) : undefined
  const monitor = createHostMonitor(() => parts)
  const connections = createHostConnections(
    {
      tlsFor: async (host) => (trust ? await trust.tlsFor(host) : config.hostsTls),
      patienceMs: config.hostPatienceMs,
      graceMs: config.hostGraceMs,
    },
    {
      ...monitor,
      async connected(host, client) {
        await trust?.deliver(host, client)
        await monitor.connected(host, client)
        deployments.check(host.id)
        onHosts.hostChanged(host.id)
      },
    },
  )
  const deployments = createDriverDeployments({
    store,
    hosts: connections,
    events,
    signers: config.driverSigners,
    changed: (host) =>
      recordCapabilities({ store }, host, { call: (method, params) => connections.call(host.id, method, params) }),
    log,
  })
  const deliver = async () => trust?.deliverToAll(connections)
  const locks = createLocks()
  const jobs = createJobLog()
  const runner = createWorkflowRunner<Parts>(store, locks, workflows, () => parts, log, jobs)
  const parts: Parts = {
    store,
    providers,
    events,
    hosts: connections,
    watch: createVmWatch(connections),
    samples: createVmSamples(),
    traffic: createTrafficHistory(),
    scheduler: createScheduler(store),
    locks,
    workflows: runner,
    log,
  }
  const reconciler = createReconciler(parts)
  const providerService = createProviderService(parts, secrets)
  const hostNetworks = createHostNetworkService(parts)
  const unmanagedNetworks = createUnmanagedNetworkService(parts)
  const onHosts = createNetworksOnHosts(parts, hostNetworks, unmanagedNetworks)
  const networks = createNetworkService(parts, access, onHosts)
  const nics = createNicService(parts)
  const snapshots = createSnapshotService(parts)
  return {
    config,
    parts,
    authority,
    certificates,
    identity,
    deliverCertificates: deliver,
    deployments,
    jobs,
    live: createLiveStream(store, jobs),
    metrics: createEngineMetrics(store, providers, reconciler),
    sessions,
    access,
    users: createUserService({ store, events, sessions, administrator: config.administrator?.name }),
    roles: createRoleService(store, events),
    permissions: createPermissionService({ store, events, access, administrator: config.administrator?.name }),
    dataCenters: createDataCenterService(store, events),
    clusters: createClusterService(store, events),
    providers: providerService,
    providerSync: createProviderSync(parts, { networks, nics, providers: providerService }),
    hosts: createHostService(parts, certificates, deliver, onHosts),
    hostActions: createHostActions(parts, trust),
    hostNetworks,
    nicLabels: createNicLabelService(store, events, hostNetworks),
    unmanagedNetworks,
    providerCertificates: createProviderCertificateService(providerTrust, events, config.providerTimeouts),
    reconciler,
    external: {
      networks: createProviderNetworkService(parts, access),
      subnets: createProviderSubnetService(parts),
      ports: createProviderPortService(parts),
    },
    networks,
    macPools: createMacPoolService(store, events),
    networkLabels: createNetworkLabelService(store, events, onHosts),
    clusterNetworks: createClusterNetworkService(store, events, onHosts),
    vnicProfiles: createVnicProfileService(store, events, access),
    hostDrivers: createHostDrivers(store),
    driverPackages: createDriverPackageService(store, deployments, config.driverSigners),
    vms: createVmService(parts, access),
    vmActions: createVmActions(parts),
    snapshots,
    snapshotPreviews: createPreviewService(parts, snapshots),
    nicStatistics: createNicStatistics(parts),
    filterParameters: createFilterParameterService(parts),
    templates: createTemplateService(parts, access),
    templateNics: createTemplateNicService(parts),
    nics,
  }
}
