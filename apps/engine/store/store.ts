// The engine's state: tables, and transactions over them.
import { createBuiltQueries } from './built-queries.ts'
import { type Changes, createChanges } from './changes.ts'
import type { Claim } from './databases/database.ts'
import { openDatabase } from './databases/open-database.ts'
import type { OwnRole, Permission, User } from './entities/access.ts'
import type { EnrolmentTokenRow, HostCertificate } from './entities/certificates.ts'
import type { DriverDeployment, DriverPackage, DriverPackageContent, ProviderDriver } from './entities/drivers.ts'
import type { EventRow } from './entities/events.ts'
import type { NetworkAttachment, NicLabel } from './entities/host-networks.ts'
import type { Cluster, DataCenter, Host, HostBinding, HostCapability } from './entities/infrastructure.ts'
import type { MacPool } from './entities/mac-pools.ts'
import type { Network, NetworkCluster, VnicProfile } from './entities/networks.ts'
import type { PortMade } from './entities/ports.ts'
import type { Provider } from './entities/providers.ts'
import type { Snapshot, Template, TemplateNic } from './entities/templates.ts'
import type { Nic, Vm } from './entities/vms.ts'
import type { WorkflowRow } from './entities/workflows.ts'
import { createGroupCommit } from './group-commit.ts'
import { keepingRows } from './kept-rows.ts'
import { createNicPaths } from './nic-paths.ts'
import { migrate } from './schema-version.ts'
import { type Access, createTable } from './table.ts'
import { createUsedMacs } from './used-macs.ts'

export type Tables = ReturnType<typeof tablesOf>

export interface Store extends Tables, AsyncDisposable {
  /** All of it or nothing. Inside, only `tables` may be used. */
  transaction<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result>
  /** What has been committed. */
  readonly changes: Pick<Changes, 'listen'>
  /** Resolves with the reason when nothing can be written any more: another engine may have taken over. */
  readonly lost: Promise<Error>
}

/**
 * Opens a database and brings it to the newest version. `url`: `sqlite:FILE`, `sqlite::memory:` or `postgres://…`. Of
 * PostgreSQL: resolves when no other engine works on it.
 */
export async function openStore(url: string, claim: Claim = { name: 'patchbay engine' }): Promise<Store> {
  const database = await openDatabase(url, claim)
  try {
    await migrate(database.writer)
  } catch (error) {
    await database.close()
    throw error
  }
  const changes = createChanges()
  const transact = createGroupCommit(database, changes.tell)
  const queries = createBuiltQueries()
  const tables = tablesOf({ reader: database.reader, transact, queries })
  return {
    ...tables,
    ...keptOf(tables, changes),
    transaction: (work) =>
      transact((db, changed) => work(tablesOf({ reader: db, transact: (change) => change(db, changed), queries }))),
    changes,
    lost: database.lost,
    [Symbol.asyncDispose]: () => database.close(),
  }
}

/** What every start and plug asks for again and again: the vNIC and its VM, where it leads to, and what its host is. */
const keptOf = (tables: Tables, changes: Changes) => ({
  clusters: keepingRows(tables.clusters, changes),
  hosts: keepingRows(tables.hosts, changes),
  hostBindings: keepingRows(tables.hostBindings, changes),
  hostCapabilities: keepingRows(tables.hostCapabilities, changes),
  providers: keepingRows(tables.providers, changes),
  macPools: keepingRows(tables.macPools, changes),
  networks: keepingRows(tables.networks, changes),
  networkClusters: keepingRows(tables.networkClusters, changes),
  vnicProfiles: keepingRows(tables.vnicProfiles, changes),
  vms: keepingRows(tables.vms, changes),
  nics: keepingRows(tables.nics, changes),
})

const hasPermissions = true

const tablesOf = (db: Access) => ({
  users: createTable<User>(db, 'local_user', { bools: ['enabled'] }),
  ownRoles: createTable<OwnRole>(db, 'own_role', { bools: ['administrative'], json: ['permits'] }),
  permissions: createTable<Permission>(db, 'permission'),
  dataCenters: createTable<DataCenter>(db, 'data_center', { hasPermissions }),
  clusters: createTable<Cluster>(db, 'cluster', { hasPermissions }),
  hosts: createTable<Host>(db, 'host', { bools: ['reinstallationRequired'], hasPermissions }),
  hostBindings: createTable<HostBinding>(db, 'host_binding'),
  hostCapabilities: createTable<HostCapability>(db, 'host_capability', { json: ['capabilities'] }),
  networkAttachments: createTable<NetworkAttachment>(db, 'network_attachment', {
    json: ['ipAssignments', 'nameServers', 'properties'],
  }),
  nicLabels: createTable<NicLabel>(db, 'nic_label'),
  enrolmentTokens: createTable<EnrolmentTokenRow>(db, 'enrolment_token'),
  hostCertificates: createTable<HostCertificate>(db, 'host_certificate'),
  providers: createTable<Provider>(db, 'provider', {
    bools: ['requiresAuthentication', 'readOnly', 'autoSync', 'unmanaged'],
    json: ['properties'],
  }),
  macPools: createTable<MacPool>(db, 'mac_pool', {
    bools: ['allowDuplicates', 'defaultPool'],
    json: ['ranges'],
    hasPermissions,
  }),
  usedMacs: createUsedMacs(db.reader, db.queries),
  nicPaths: createNicPaths(db.reader),
  networks: createTable<Network>(db, 'network', {
    bools: ['vmNetwork', 'stp', 'portIsolation'],
    json: ['dnsServers'],
    hasPermissions,
  }),
  networkClusters: createTable<NetworkCluster>(db, 'network_cluster', {
    bools: ['required', 'display', 'migration', 'management', 'defaultRoute', 'gluster'],
  }),
  vnicProfiles: createTable<VnicProfile>(db, 'vnic_profile', {
    bools: ['portMirroring', 'passThrough', 'migratable', 'publicUse'],
    json: ['customProperties'],
    hasPermissions,
  }),
  vms: createTable<Vm>(db, 'vm', { json: ['customProperties'], hasPermissions }),
  templates: createTable<Template>(db, 'template', { json: ['customProperties'], hasPermissions }),
  templateNics: createTable<TemplateNic>(db, 'template_nic', { bools: ['linked', 'plugged'] }),
  snapshots: createTable<Snapshot>(db, 'snapshot', { json: ['configuration'] }),
  nics: createTable<Nic>(db, 'nic', { bools: ['linked', 'plugged', 'hasPort'], json: ['filterParameters'] }),
  driverPackages: createTable<DriverPackage>(db, 'driver_package', { json: ['pluginTypes'] }),
  driverPackageContents: createTable<DriverPackageContent>(db, 'driver_package_content'),
  providerDrivers: createTable<ProviderDriver>(db, 'provider_driver', { json: ['options'] }),
  driverDeployments: createTable<DriverDeployment>(db, 'driver_deployment', { json: ['options'] }),
  portsMade: createTable<PortMade>(db, 'port_made'),
  workflows: createTable<WorkflowRow>(db, 'workflow', { json: ['state'] }),
  events: createTable<EventRow>(db, 'event'),
})
