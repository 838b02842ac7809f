// Clusters: hosts that VMs can move between.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import { macsIn } from '../../macs/free-mac.ts'
import type { Cluster } from '../../store/entities/infrastructure.ts'
import type { Provider } from '../../store/entities/providers.ts'
import type { Store, Tables } from '../../store/store.ts'
import { checkedName, checkedTexts, existing, referenced, refuseUsedName } from '../names.ts'
import { refuseUsed, type ServiceOf } from '../service.ts'

type ClusterRequest = ResourceOf<typeof clusterType>

export interface ClusterService extends ServiceOf<Cluster, ClusterRequest> {
  ofDataCenter(dataCenterId: string): Promise<Cluster[]>
  /** In this data center, if one is named. */
  get(id: string, dataCenterId?: string): Promise<Cluster>
  /** What the request leaves out stays. Another default provider: its hosts must be installed again. */
  edit(id: string, request: ClusterRequest): Promise<Cluster>
  /** Of its hosts: none or one. */
  defaultProviders(id: string): Promise<Provider[]>
}

export function createClusterService(store: Store, events: EventLog): ClusterService {
  return {
    list: (wanted) => store.clusters.select(wanted),
    async ofDataCenter(dataCenterId) {
      await existing(store.dataCenters, 'Data Center', dataCenterId)
      return store.clusters.find({ dataCenterId })
    },
    async get(id, dataCenterId) {
      const cluster = await existing(store.clusters, 'Cluster', id)
      if ((dataCenterId ?? cluster.dataCenterId) !== cluster.dataCenterId)
        throw new Fault('NOT_FOUND', { what: 'Cluster', id })
      return cluster
    },
    async add(request) {
      const { description = '', comment = '', switch_type: switchType = 'legacy' } = request
      const name = checkedName(request.name, 'Cluster')
      const draft = { id: randomUUID(), name, ...checkedTexts({ description, comment }), switchType }
      const cluster = await store.transaction(async (tables) => {
        const { id: dataCenterId } = await referenced(tables.dataCenters, 'Data Center', request.data_center)
        await refuseUsedName(tables.clusters, draft.name, 'add Cluster')
        const defaultProviderId = (await wantedProvider(tables, request, 'add Cluster')) ?? ''
        const macPoolId = (await wantedPool(tables, request, 'add Cluster')) ?? (await defaultPoolId(tables))
        const row: Cluster = { ...draft, dataCenterId, defaultProviderId, macPoolId }
        await tables.clusters.insert(row)
        return row
      })
      await events.about({ cluster }).tell('USER_ADD_CLUSTER', `Cluster ${name} was added.`)
      return cluster
    },
    async edit(id, request) {
      const cluster = await store.transaction(async (tables) => {
        const before = await existing(tables.clusters, 'Cluster', id)
        const after = await changed(tables, before, request)
        if (after.macPoolId !== before.macPoolId) await refuseDuplicatesIn(tables, after)
        await tables.clusters.update(id, after)
        if (after.defaultProviderId !== before.defaultProviderId)
          for (const host of await tables.hosts.find({ clusterId: id }))
            await tables.hosts.update(host.id, { reinstallationRequired: true })
        return after
      })
      await events.about({ cluster }).tell('USER_UPDATE_CLUSTER', `Cluster ${cluster.name} was updated.`)
      return cluster
    },
    async remove(id) {
      const { name } = await store.transaction(async ({ clusters, hosts, vms, networkClusters }) => {
        const action = 'remove Cluster'
        const removed = await existing(clusters, 'Cluster', id)
        refuseUsed(action, 'host', await hosts.find({ clusterId: id }))
        refuseUsed(action, 'VM', await vms.find({ clusterId: id }))
        for (const attached of await networkClusters.find({ clusterId: id })) await networkClusters.remove(attached.id)
        await clusters.remove(id)
        return removed
      })
      await events.about({ cluster: { id, name } }).tell('USER_REMOVE_CLUSTER', `Cluster ${name} was removed.`)
    },
    async defaultProviders(id) {
      const { defaultProviderId } = await existing(store.clusters, 'Cluster', id)
      return defaultProviderId === '' ? [] : store.providers.find({ id: defaultProviderId })
    },
  }
}

/** Throws why it cannot be so. */
async function changed(tables: Tables, before: Cluster, request: ClusterRequest): Promise<Cluster> {
  const action = 'edit Cluster'
  const name = checkedName(request.name ?? before.name, 'Cluster')
  const { description = before.description, comment = before.comment, switch_type = before.switchType } = request
  if (name !== before.name) await refuseUsedName(tables.clusters, name, action)
  const { data_center: reference } = request
  if (reference && (await referenced(tables.dataCenters, 'Data Center', reference)).id !== before.dataCenterId)
    throw new Fault('ACTION_TYPE_FAILED_DATA_CENTER_ID_CANNOT_BE_CHANGED', { action })
  if (switch_type !== before.switchType) refuseUsed(action, 'host', await tables.hosts.find({ clusterId: before.id }))
  return {
    ...before,
    name,
    ...checkedTexts({ description, comment }),
    switchType: switch_type,
    defaultProviderId: (await wantedProvider(tables, request, action)) ?? before.defaultProviderId,
    macPoolId: (await wantedPool(tables, request, action)) ?? before.macPoolId,
  }
}

const defaultPoolId = async ({ macPools }: Tables) => (await macPools.find({ defaultPool: true }))[0]!.id

/** undefined: nothing is said. */
async function wantedPool({ macPools }: Tables, { mac_pool: reference }: ClusterRequest, action: string) {
  if (!reference) return undefined
  const { id, name } = reference as { id?: string; name?: string }
  const pool = id === undefined ? (await macPools.find({ name: name ?? '' }))[0] : await macPools.get(id)
  if (!pool) throw new Fault('ACTION_TYPE_FAILED_MAC_POOL_DOES_NOT_EXIST', { action })
  return pool.id
}

/** Its vNICs keep their addresses: none of them may be used twice in the other pool. */
async function refuseDuplicatesIn(tables: Tables, { id, macPoolId }: Cluster): Promise<void> {
  if ((await tables.macPools.get(macPoolId))!.allowDuplicates) return
  const others = (await tables.clusters.find({ macPoolId })).map((cluster) => cluster.id).filter((each) => each !== id)
  const seen = new Set(await macsIn(tables, others))
  const twice = (await macsIn(tables, [id])).filter((mac) => seen.size === seen.add(mac).size)
  if (twice.length > 0)
    throw new Fault('ACTION_TYPE_FAILED_CANNOT_MIGRATE_MACS_DUE_TO_DUPLICATES', { macs: twice.join(', ') })
}

/** As in the real engine, the first of the list; an empty list is none. undefined: nothing is said. */
async function wantedProvider(
  { providers }: Tables,
  { external_network_providers: wanted }: ClusterRequest,
  action: string,
): Promise<string | undefined> {
  const [reference] = wanted ?? []
  if (!reference) return wanted && ''
  const { id, name } = reference as { id?: string; name?: string }
  const provider = id === undefined ? (await providers.find({ name: name ?? '' }))[0] : await providers.get(id)
  if (!provider) throw new Fault('ACTION_TYPE_FAILED_PROVIDER_DOESNT_EXIST', { action })
  return provider.id
}
