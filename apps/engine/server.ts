// The engine's HTTP server: oVirt's REST API, its SSO service, and the admin portal.
import { randomUUID } from 'node:crypto'
import { createHttp } from '@patchbay/service/http.ts'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Context } from './context.ts'
import { withCorrelationId } from './correlation.ts'
import { acceptPortalCookie, registerPortal } from './portal/portal.ts'
import { registerPermissions } from './routes/access/permissions.ts'
import { registerRoles } from './routes/access/roles.ts'
import { registerRolesOf, registerUsers } from './routes/access/users.ts'
import { registerApiRoot } from './routes/api-root.ts'
import { registerClusterNetworks } from './routes/clusters/cluster-networks.ts'
import { registerSchedulingPolicies } from './routes/clusters/cluster-settings.ts'
import { registerClusters } from './routes/clusters/clusters.ts'
import { registerDataCenters } from './routes/clusters/data-centers.ts'
import { registerEventStream } from './routes/event-stream.ts'
import { registerEvents } from './routes/events.ts'
import { registerCertificates } from './routes/hosts/certificates.ts'
import { registerHostNetworks } from './routes/hosts/host-networks.ts'
import { registerHosts } from './routes/hosts/hosts.ts'
import { registerAuthentication } from './routes/http/authentication.ts'
import { registerAuthorization } from './routes/http/authorization.ts'
import { registerFaults, unroutable } from './routes/http/faults.ts'
import { registerFollow } from './routes/http/follow.ts'
import { registerFormats } from './routes/http/formats.ts'
import { normalUrl, queryOf } from './routes/http/request-url.ts'
import { registerJobs } from './routes/jobs.ts'
import { registerMacPools } from './routes/networks/mac-pools.ts'
import { registerNetworkFilters } from './routes/networks/network-filters.ts'
import { registerNetworkLabels } from './routes/networks/network-labels.ts'
import { registerNetworks } from './routes/networks/networks.ts'
import { registerVnicProfiles } from './routes/networks/vnic-profiles.ts'
import { registerDriverPackages } from './routes/providers/driver-packages.ts'
import { registerProviderNetworks } from './routes/providers/provider-networks.ts'
import { registerProviderCertificates, registerProviderSync, registerProviders } from './routes/providers/providers.ts'
import { registerReconciliations } from './routes/providers/reconciliations.ts'
import { registerSso } from './routes/sso.ts'
import { registerTopology } from './routes/topology.ts'
import { registerDiagnosis } from './routes/vms/diagnosis.ts'
import { registerNicDetails } from './routes/vms/nic-details.ts'
import { registerSnapshots } from './routes/vms/snapshots.ts'
import { registerTemplates } from './routes/vms/templates.ts'
import { registerTraffic } from './routes/vms/traffic.ts'
import { registerVms } from './routes/vms/vms.ts'
import { createLoginEvents } from './sso/login-events.ts'
import { createPasswordCheck } from './sso/password-check.ts'

export function createServer(context: Context, logger: Logger): FastifyInstance {
  const { config, metrics, parts } = context
  const app = createHttp({
    logger,
    metrics,
    tls: config.tls ?? context.identity?.tls(),
    requestId: (headers) => cleaned(headers['correlation-id']) || randomUUID(),
    unroutable,
    normalUrl,
  })
  registerFollow(app)
  registerFormats(app)
  carryCorrelationId(app)
  registerFaults(app)
  acceptPortalCookie(app)
  const passwords = config.administrator && createPasswordCheck(config.administrator, parts.store.users)
  registerAuthentication(app, config.administrator, context.sessions, passwords)
  registerAuthorization(app, context.access, parts.store)
  const sso = { sessions: context.sessions, passwords, told: createLoginEvents(parts.events), client: config.ssoClient }
  registerSso(app, sso)
  registerPortal(app, config.portalDir, { ...sso, access: context.access })
  registerApiRoot(app, parts.store, context.access)
  registerUsers(app, context.users, passwords)
  registerRoles(app, context.roles)
  registerRolesOf(app, context.permissions, context.roles)
  registerPermissions(app, context.permissions)
  registerDataCenters(app, context.dataCenters)
  registerClusters(app, context.clusters)
  registerSchedulingPolicies(app)
  registerHosts(app, context)
  registerHostNetworks(app, context)
  registerCertificates(app, context)
  registerProviders(app, context.providers, parts.providers)
  registerProviderCertificates(app, context.providers, context.providerCertificates)
  registerProviderSync(app, context.providerSync)
  registerProviderNetworks(app, context.external)
  registerReconciliations(app, context.reconciler)
  registerNetworks(app, context.networks)
  registerNetworkLabels(app, context.networkLabels)
  registerClusterNetworks(app, context.clusterNetworks)
  registerVnicProfiles(app, context.vnicProfiles)
  registerNetworkFilters(app)
  registerMacPools(app, context.macPools)
  registerDriverPackages(app, context)
  registerVms(app, context)
  registerNicDetails(app, context)
  registerSnapshots(app, context)
  registerTemplates(app, context.templates, context.templateNics)
  registerDiagnosis(app, parts, context.vms, context.nics)
  registerTraffic(app, context)
  registerTopology(app, parts)
  registerEvents(app, parts.events)
  registerEventStream(app, context)
  registerJobs(app, context.jobs)
  return app
}

/** From the header, or from the query where a client cannot set one: into the logs, the events, the answer. */
function carryCorrelationId(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const given = request.headers['correlation-id'] === undefined && cleaned(queryOf(request).get('correlation_id'))
    if (!given) return
    request.id = given
    request.log = request.log.child({ reqId: given })
  })
  // Not earlier: reading the body leaves the context behind.
  app.addHook('preHandler', (request, _reply, done) => withCorrelationId(request.id, done))
  app.addHook('onSend', async (request, reply) => {
    reply.header('correlation-id', request.id)
  })
}

/** As oVirt does: what is no letter, digit, "_" or "-" is removed, and the rest cut. */
const cleaned = (given: string | string[] | null | undefined) =>
  String(given ?? '')
    .replaceAll(/[^0-9A-Za-z_-]/g, '')
    .slice(0, 36)
