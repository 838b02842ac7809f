// Data centers, clusters and hosts: where VMs run.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { clusterType, dataCenterType, hostType } from '@patchbay/ovirt-api/types.ts'
import { Fault } from '../faults.ts'
import type { HostConnections } from '../hosts/host-connections.ts'
import type { HostCertificates } from '../pki/host-certificates.ts'
import type { Cluster, DataCenter, Host } from '../store/entities.ts'
import type { Store } from '../store/store.ts'
import type { Entity, Table } from '../store/table.ts'
import { checkedName, existing, referenced, refuseUsedName } from './names.ts'

export interface ServiceOf<Row, Request> {
  list(): Promise<Row[]>
  get(id: string): Promise<Row>
  add(request: Request): Promise<Row>
  remove(id: string): Promise<void>
}

const vdsmPort = 54_321

export function createDataCenterService(store: Store): ServiceOf<DataCenter, ResourceOf<typeof dataCenterType>> {
  const action = 'remove Data Center'
  return {
    ...reading(store.dataCenters, 'Data Center'),
    async add({ name, description = '' }) {
      const row = { id: randomUUID(), name: checkedName(name, 'DataCenter'), description }
      await store.transaction(async ({ dataCenters }) => {
        await refuseUsedName(dataCenters, row.name, 'add Data Center')
        await dataCenters.insert(row)
      })
      return row
    },
    remove: (id) =>
      store.transaction(async ({ dataCenters, clusters, networks }) => {
        await existing(dataCenters, 'Data Center', id)
        refuseUsed(action, 'cluster', await clusters.find({ dataCenterId: id }))
        refuseUsed(action, 'network', await networks.find({ dataCenterId: id }))
        await dataCenters.remove(id)
      }),
  }
}

export function createClusterService(store: Store): ServiceOf<Cluster, ResourceOf<typeof clusterType>> {
  const action = 'remove Cluster'
  return {
    ...reading(store.clusters, 'Cluster'),
    async add({ name, description = '', data_center, switch_type = 'legacy' }) {
      const draft = { id: randomUUID(), name: checkedName(name, 'Cluster'), description, switchType: switch_type }
      return store.transaction(async ({ clusters, dataCenters }) => {
        const { id: dataCenterId } = await referenced(dataCenters, 'Data Center', data_center)
        await refuseUsedName(clusters, draft.name, 'add Cluster')
        const row: Cluster = { ...draft, dataCenterId }
        await clusters.insert(row)
        return row
      })
    },
    remove: (id) =>
      store.transaction(async ({ clusters, hosts, vms, networkClusters }) => {
        await existing(clusters, 'Cluster', id)
        refuseUsed(action, 'host', await hosts.find({ clusterId: id }))
        refuseUsed(action, 'VM', await vms.find({ clusterId: id }))
        for (const attached of await networkClusters.find({ clusterId: id })) await networkClusters.remove(attached.id)
        await clusters.remove(id)
      }),
  }
}

export interface HostService extends ServiceOf<Host, ResourceOf<typeof hostType>> {
  /** Its certificates and tokens are good for nothing any more; connections with them end. */
  revoke(id: string): Promise<void>
}

/** `revoked`: called when a host's certificates have been revoked. */
export function createHostService(
  store: Store,
  connections: HostConnections,
  certificates: HostCertificates,
  revoked: () => Promise<void>,
): HostService {
  const action = 'remove Host'
  return {
    ...reading(store.hosts, 'Host'),
    async add({ name, address = '', port = vdsmPort, cluster }) {
      if (address === '') throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Host [address]', action: 'add' })
      if (port < 1 || port > 65_535) throw new Fault('INVALID_VALUE', { reason: `${port} is not a TCP port.` })
      const draft = { id: randomUUID(), name: checkedName(name, 'Host'), address, port }
      const row = await store.transaction(async ({ clusters, hosts }) => {
        const { id: clusterId } = await referenced(clusters, 'Cluster', cluster)
        await refuseUsedName(hosts, draft.name, 'add Host')
        const host: Host = { ...draft, clusterId, status: 'connecting', statusDetail: '' }
        await hosts.insert(host)
        return host
      })
      connections.add(row)
      return row
    },
    async remove(id) {
      await store.transaction(async (tables) => {
        const { hosts, hostBindings, vms, workflows } = tables
        await existing(hosts, 'Host', id)
        refuseUsed(action, 'VM', await vms.find({ hostId: id }))
        // A VM may be on its way here.
        const busy = (await workflows.find({})).find(({ state }) => Object.values(state).includes(id))
        if (busy) throw new Fault('RELATED_OPERATION', { action, kind: busy.kind })
        for (const binding of await hostBindings.find({ hostId: id })) await hostBindings.remove(binding.id)
        await certificates.revoke(tables, id)
        await hosts.remove(id)
      })
      await connections.remove(id)
      await revoked()
    },
    async revoke(id) {
      const host = await store.transaction(async (tables) => {
        await certificates.revoke(tables, id)
        return existing(tables.hosts, 'Host', id)
      })
      await connections.remove(id)
      connections.add(host)
      await revoked()
    },
  }
}

function reading<Row extends Entity>(table: Table<Row>, what: string) {
  return { list: () => table.find({}), get: (id: string) => existing(table, what, id) }
}

function refuseUsed(action: string, what: string, users: readonly { readonly name: string }[]): void {
  if (users.length > 0)
    throw new Fault('ACTION_TYPE_FAILED_IN_USE', {
      action,
      users: users.map(({ name }) => `${what} ${name}`).join(', '),
    })
}
