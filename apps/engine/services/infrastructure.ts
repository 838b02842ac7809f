// Data centers, clusters and hosts: where VMs run.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { clusterType, dataCenterType, hostType } from '@patchbay/ovirt-api/types.ts'
import { Fault } from '../faults.ts'
import type { HostConnections } from '../hosts/host-connections.ts'
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
      await refuseUsedName(store.dataCenters, row.name, 'add Data Center')
      await store.dataCenters.insert(row)
      return row
    },
    async remove(id) {
      await existing(store.dataCenters, 'Data Center', id)
      refuseUsed(action, 'cluster', await store.clusters.find({ dataCenterId: id }))
      refuseUsed(action, 'network', await store.networks.find({ dataCenterId: id }))
      await store.dataCenters.remove(id)
    },
  }
}

export function createClusterService(store: Store): ServiceOf<Cluster, ResourceOf<typeof clusterType>> {
  const action = 'remove Cluster'
  return {
    ...reading(store.clusters, 'Cluster'),
    async add({ name, description = '', data_center, switch_type = 'legacy' }) {
      const dataCenter = await referenced(store.dataCenters, 'Data Center', data_center)
      const row: Cluster = {
        id: randomUUID(),
        name: checkedName(name, 'Cluster'),
        description,
        dataCenterId: dataCenter.id,
        switchType: switch_type,
      }
      await refuseUsedName(store.clusters, row.name, 'add Cluster')
      await store.clusters.insert(row)
      return row
    },
    async remove(id) {
      await existing(store.clusters, 'Cluster', id)
      refuseUsed(action, 'host', await store.hosts.find({ clusterId: id }))
      refuseUsed(action, 'VM', await store.vms.find({ clusterId: id }))
      for (const attached of await store.networkClusters.find({ clusterId: id }))
        await store.networkClusters.remove(attached.id)
      await store.clusters.remove(id)
    },
  }
}

export function createHostService(
  store: Store,
  connections: HostConnections,
): ServiceOf<Host, ResourceOf<typeof hostType>> {
  return {
    ...reading(store.hosts, 'Host'),
    async add({ name, address, port = vdsmPort, cluster }) {
      if (address === undefined) throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Host [address]', action: 'add' })
      const { id: clusterId } = await referenced(store.clusters, 'Cluster', cluster)
      const row: Host = {
        id: randomUUID(),
        name: checkedName(name, 'Host'),
        address,
        port,
        clusterId,
        status: 'connecting',
        statusDetail: '',
      }
      await refuseUsedName(store.hosts, row.name, 'add Host')
      await store.hosts.insert(row)
      connections.add(row)
      return row
    },
    async remove(id) {
      await existing(store.hosts, 'Host', id)
      refuseUsed('remove Host', 'VM', await store.vms.find({ hostId: id }))
      await connections.remove(id)
      for (const binding of await store.hostBindings.find({ hostId: id })) await store.hostBindings.remove(binding.id)
      await store.hosts.remove(id)
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
