// The steps of a synchronization, done with what administrators use: each is all or nothing, and tells its events.
import type { Parts } from '../lifecycle/workflows/parts.ts'
import { editNetwork } from '../services/networks/edit-networks.ts'
import { importNetwork } from '../services/networks/import-network.ts'
import type { NetworkService } from '../services/networks/networks.ts'
import { newAttachment } from '../services/networks/new-attachment.ts'
import type { NicService } from '../services/nics/nics.ts'
import type { Network } from '../store/entities/networks.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { SyncStep } from './plan.ts'

export interface SyncServices {
  readonly networks: NetworkService
  readonly nics: NicService
}

export async function doStep(
  parts: Parts,
  services: SyncServices,
  provider: Provider,
  dataCenterId: string,
  step: SyncStep,
): Promise<Network> {
  switch (step.kind) {
    case 'import':
      return importAll(parts, provider, dataCenterId, step)
    case 'update':
      return update(parts, step)
    case 'attach':
      await attach(parts, step)
      return step.network
    case 'remove':
      await removeWithNics(parts, services, step.network)
      return step.network
  }
}

async function importAll(
  parts: Parts,
  provider: Provider,
  dataCenterId: string,
  { external, clusterIds }: Extract<SyncStep, { kind: 'import' }>,
): Promise<Network> {
  const network = await importNetwork(parts, provider, external, { dataCenterId, publicUse: true, clusterIds })
  const text = `Successfully initiated import of external network ${network.name} from provider ${provider.name}.`
  await parts.events.tell('NETWORK_IMPORT_EXTERNAL_NETWORK', text)
  return network
}

async function update(parts: Parts, { network, change }: Extract<SyncStep, { kind: 'update' }>): Promise<Network> {
  const { physicalNetworkId, ...details } = change
  if (physicalNetworkId !== undefined) await parts.store.networks.update(network.id, { physicalNetworkId })
  if (Object.keys(details).length > 0) return editNetwork(parts, network.id, details)
  await parts.events.tell('NETWORK_UPDATE_NETWORK', `Network ${network.name} was updated.`)
  return { ...network, ...change }
}

async function attach({ store }: Parts, { network, clusterIds }: Extract<SyncStep, { kind: 'attach' }>): Promise<void> {
  await store.transaction(async ({ networks, clusters, networkClusters }) => {
    if (!(await networks.get(network.id))) return
    for (const clusterId of clusterIds) {
      const attachment = newAttachment(network.id, clusterId)
      const isWanted = (await clusters.get(clusterId)) && !(await networkClusters.get(attachment.id))
      if (isWanted) await networkClusters.insert(attachment)
    }
  })
}

/** Its vNICs are taken off it first. */
async function removeWithNics({ store }: Parts, { networks, nics }: SyncServices, { id }: Network): Promise<void> {
  for (const { id: profileId } of await store.vnicProfiles.find({ networkId: id }))
    for (const nic of await store.nics.find({ profileId }))
      await nics.edit(nic.vmId, nic.id, { vnic_profile: {}, plugged: false })
  await networks.remove(id, false)
}
