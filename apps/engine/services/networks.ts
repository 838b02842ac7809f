// The engine's networks: where they are attached, their vNIC profiles, and their removal.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { networkType, vnicProfileType } from '@patchbay/ovirt-api/types.ts'
import { Fault } from '../faults.ts'
import { refuseUsed, usersOf } from '../lifecycle/network-use.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { removeNetwork } from '../lifecycle/remove-network.ts'
import type { Cluster, Network, VnicProfile } from '../store/entities.ts'
import type { Tables } from '../store/store.ts'
import { checkedName, checkedProperties, existing, referenced } from './names.ts'
import { refuseReadOnly } from './provider-networks.ts'

export type NetworkRequest = ResourceOf<typeof networkType>
export type VnicProfileRequest = ResourceOf<typeof vnicProfileType>

export interface NetworkService {
  list(): Promise<Network[]>
  get(id: string): Promise<Network>
  remove(id: string, fromProvider: boolean): Promise<void>
  ofCluster(clusterId: string): Promise<Network[]>
  attach(clusterId: string, request: NetworkRequest): Promise<Network>
  detach(clusterId: string, networkId: string): Promise<void>
  profiles(networkId?: string): Promise<VnicProfile[]>
  profile(id: string): Promise<VnicProfile>
  addProfile(request: VnicProfileRequest): Promise<VnicProfile>
  removeProfile(id: string): Promise<void>
}

export function createNetworkService(parts: Parts): NetworkService {
  const { store, workflows, events } = parts
  const get = (id: string) => existing(store.networks, 'Network', id)
  const profile = (id: string) => existing(store.vnicProfiles, 'vNIC profile', id)
  return {
    list: () => store.networks.find({}),
    get,
    async remove(id, fromProvider) {
      const action = 'remove Network'
      const network = await get(id)
      const check = async () => {
        const profiles = await store.vnicProfiles.find({ networkId: id })
        refuseUsed(await usersOf(store, profiles), action)
        if (fromProvider) refuseReadOnly(await existing(store.providers, 'Provider', network.providerId), action)
        return { network: await get(id), profiles, clusters: await store.networkClusters.find({ networkId: id }) }
      }
      try {
        const state = { network, profiles: [], clusters: [], fromProvider }
        await workflows.start(removeNetwork, state, { action, check })
      } catch (error) {
        const reason = (error as Error).message
        await events.tell('NETWORK_REMOVE_NETWORK_FAILED', `Failed to remove network ${network.name}: ${reason}`)
        throw error
      }
      await events.tell(
        'NETWORK_REMOVE_NETWORK',
        `Network ${network.name} was removed${fromProvider ? ', also from its provider' : ''}.`,
      )
    },
    async ofCluster(clusterId) {
      await existing(store.clusters, 'Cluster', clusterId)
      const rows = await store.networkClusters.find({ clusterId })
      return Promise.all(rows.map(({ networkId }) => get(networkId)))
    },
    async attach(clusterId, request) {
      const action = 'attach Network to Cluster'
      return store.transaction(async (tables) => {
        const cluster = await existing(tables.clusters, 'Cluster', clusterId)
        const network = await networkFor(tables, cluster, request, action)
        // As in the real engine, left out means true.
        if (request.required !== false)
          throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_REQUIRED', { action })
        const id = `${network.id}/${clusterId}`
        if (await tables.networkClusters.get(id))
          throw new Fault('NETWORK_ALREADY_ATTACHED_TO_CLUSTER', { action, name: network.name })
        await tables.networkClusters.insert({ id, networkId: network.id, clusterId })
        return network
      })
    },
    async detach(clusterId, networkId) {
      await store.transaction(async (tables) => {
        const { id } = await existing(tables.networkClusters, 'Network of the cluster', `${networkId}/${clusterId}`)
        const users = await usersOf(tables, await tables.vnicProfiles.find({ networkId }))
        refuseUsed(
          users.filter((vm) => vm.clusterId === clusterId),
          'detach Network from Cluster',
        )
        await tables.networkClusters.remove(id)
      })
    },
    async profiles(networkId) {
      if (networkId === undefined) return store.vnicProfiles.find({})
      await get(networkId)
      return store.vnicProfiles.find({ networkId })
    },
    profile,
    async addProfile(request) {
      const action = 'add vNIC profile'
      const draft = {
        id: randomUUID(),
        name: checkedName(request.name, 'VnicProfile'),
        description: request.description ?? '',
        customProperties: checkedProperties(request.custom_properties, action),
      }
      return store.transaction(async (tables) => {
        const { id: networkId } = await referenced(tables.networks, 'Network', request.network)
        const [namesake] = await tables.vnicProfiles.find({ networkId, name: draft.name })
        if (namesake) throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name: draft.name })
        const made: VnicProfile = { ...draft, networkId }
        await tables.vnicProfiles.insert(made)
        return made
      })
    },
    async removeProfile(id) {
      await store.transaction(async (tables) => {
        const removed = await existing(tables.vnicProfiles, 'vNIC profile', id)
        refuseUsed(await usersOf(tables, [removed]), 'remove vNIC profile')
        await tables.vnicProfiles.remove(id)
      })
    },
  }
}

/** By its id, or by its name, which only the networks of one data center do not share. */
async function networkFor(
  tables: Tables,
  { dataCenterId }: Cluster,
  { id, name }: NetworkRequest,
  action: string,
): Promise<Network> {
  if (id === undefined && name !== undefined) {
    const [namesake] = await tables.networks.find({ dataCenterId, name })
    if (!namesake) throw new Fault('NOT_FOUND', { what: 'Network', id: name })
    return namesake
  }
  const network = await referenced(tables.networks, 'Network', { id })
  if (network.dataCenterId === dataCenterId) return network
  throw new Fault('ACTION_TYPE_FAILED_NETWORK_FROM_DIFFERENT_DC', { action, name: network.name })
}
