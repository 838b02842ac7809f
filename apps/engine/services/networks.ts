// The engine's networks: where they are attached, their vNIC profiles, and their removal.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { networkType, vnicProfileType } from '@patchbay/ovirt-api/types.ts'
import { Fault } from '../faults.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { removeNetwork } from '../lifecycle/remove-network.ts'
import type { Network, VnicProfile } from '../store/entities.ts'
import { checkedName, checkedProperties, existing, referenced } from './names.ts'
import { refuseReadOnly } from './provider-networks.ts'

export type NetworkRequest = ResourceOf<typeof networkType>
export type VnicProfileRequest = ResourceOf<typeof vnicProfileType>

export interface NetworkService {
  list(): Promise<Network[]>
  get(id: string): Promise<Network>
  remove(id: string, fromProvider: boolean, correlationId: string): Promise<void>
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
    async remove(id, fromProvider, correlationId) {
      const action = 'remove Network'
      const network = await get(id)
      const profiles = await store.vnicProfiles.find({ networkId: id })
      await refuseUsedProfiles(parts, profiles, action)
      if (fromProvider) refuseReadOnly(await existing(store.providers, 'Provider', network.providerId), action)
      const clusters = await store.networkClusters.find({ networkId: id })
      await workflows.start(removeNetwork, { network, profiles, clusters, fromProvider }, { action, correlationId })
      await events.tell(
        'NETWORK_REMOVE_NETWORK',
        `Network ${network.name} was removed${fromProvider ? ', also from its provider' : ''}.`,
        correlationId,
      )
    },
    async ofCluster(clusterId) {
      const rows = await store.networkClusters.find({ clusterId })
      return Promise.all(rows.map(({ networkId }) => get(networkId)))
    },
    async attach(clusterId, request) {
      const action = 'attach Network to Cluster'
      const cluster = await existing(store.clusters, 'Cluster', clusterId)
      const network = await referenced(store.networks, 'Network', request)
      // As in the real engine, left out means true.
      if (request.required !== false)
        throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_REQUIRED', { action })
      if (network.dataCenterId !== cluster.dataCenterId)
        throw new Fault('ACTION_TYPE_FAILED_NETWORK_FROM_DIFFERENT_DC', { action, name: network.name })
      const id = `${network.id}/${clusterId}`
      if (await store.networkClusters.get(id))
        throw new Fault('NETWORK_ALREADY_ATTACHED_TO_CLUSTER', { action, name: network.name })
      await store.networkClusters.insert({ id, networkId: network.id, clusterId })
      return network
    },
    async detach(clusterId, networkId) {
      const { id } = await existing(store.networkClusters, 'Network of the cluster', `${networkId}/${clusterId}`)
      await store.networkClusters.remove(id)
    },
    profiles: (networkId) => store.vnicProfiles.find(networkId === undefined ? {} : { networkId }),
    profile,
    async addProfile(request) {
      const action = 'add vNIC profile'
      const name = checkedName(request.name, 'VnicProfile')
      const network = await referenced(store.networks, 'Network', request.network)
      const [namesake] = await store.vnicProfiles.find({ networkId: network.id, name })
      if (namesake) throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name })
      const made: VnicProfile = {
        id: randomUUID(),
        name,
        description: request.description ?? '',
        networkId: network.id,
        customProperties: checkedProperties(request.custom_properties, action),
      }
      await store.vnicProfiles.insert(made)
      return made
    },
    async removeProfile(id) {
      await refuseUsedProfiles(parts, [await profile(id)], 'remove vNIC profile')
      await store.vnicProfiles.remove(id)
    },
  }
}

async function refuseUsedProfiles({ store }: Parts, profiles: readonly VnicProfile[], action: string): Promise<void> {
  const nics = (await Promise.all(profiles.map(({ id }) => store.nics.find({ profileId: id })))).flat()
  if (nics.length === 0) return
  const vms = await Promise.all([...new Set(nics.map(({ vmId }) => vmId))].map((id) => store.vms.get(id)))
  throw new Fault('ACTION_TYPE_FAILED_IN_USE', { action, users: vms.map((vm) => `VM ${vm?.name}`).join(', ') })
}
