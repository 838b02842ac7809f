// What a provider has: its networks, to be imported, or edited unless it is read-only.
import type { Access } from '../../access/access.ts'
import { Fault } from '../../faults.ts'
import { providerLock } from '../../lifecycle/networks/provider-lock.ts'
import { shared } from '../../lifecycle/workflows/locks.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { ProviderFailure } from '../../providers/provider-clients.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Provider } from '../../store/entities/providers.ts'
import type { Tables } from '../../store/store.ts'
import { existing, referenced } from '../names.ts'
import type { External } from '../networks/external-network.ts'
import { importNetwork } from '../networks/import-network.ts'
import { checkedNetworkName } from '../networks/network-request.ts'
import { type ExternalNetworkRequest, editExternal, externalNetwork } from './external-networks.ts'
import { checkCredentials } from './provider-draft.ts'

type Reference = { readonly id?: string; readonly name?: string }

export interface ImportRequest {
  readonly dataCenter: Reference | undefined
  /** Another name than the provider's. */
  readonly name?: string | undefined
  /** Everybody may use its profile. */
  readonly publicUse?: boolean | undefined
  /** Where it is attached; `all`: in all clusters of the data center. */
  readonly clusters?: readonly Reference[] | 'all' | undefined
}

export interface ShownExternal {
  readonly id: string
  readonly external: External
  /** Where it is imported. */
  readonly dataCenterIds: readonly string[]
}

export interface ProviderNetworkService {
  list(providerId: string): Promise<ShownExternal[]>
  get(providerId: string, externalId: string): Promise<ShownExternal>
  /** Makes it a network of a data center, with a vNIC profile of the same name. */
  import(providerId: string, externalId: string, request: ImportRequest): Promise<Network>
  /** On the provider, and in every data center that has the network by the provider's name. */
  edit(providerId: string, externalId: string, request: ExternalNetworkRequest): Promise<ShownExternal>
}

export function createProviderNetworkService(parts: Parts, access: Access): ProviderNetworkService {
  const { store, providers: clients, events, locks } = parts
  const provider = (id: string) => existing(store.providers, 'Provider', id)

  const importedNetworks = async (values: { providerId: string; externalId?: string }) =>
    Map.groupBy(await store.networks.find(values), ({ externalId }) => externalId)

  const shown = (external: External, imported: ReadonlyMap<string, readonly Network[]>): ShownExternal => ({
    id: external.id,
    external,
    dataCenterIds: (imported.get(external.id) ?? []).map(({ dataCenterId }) => dataCenterId),
  })

  /** What is refused is only answered; what the provider could not do is an event, too. */
  async function telling<Result>(externalId: string, { name }: Provider, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ProviderFailure)
        await events.tell(
          'NETWORK_IMPORT_EXTERNAL_NETWORK_FAILED',
          `Failed to import external network ${externalId} from provider ${name}: ${error.message}`,
        )
      throw error
    }
  }

  return {
    async list(providerId) {
      const externals = await clients.ask(await provider(providerId), (client) => client.networks.list())
      const imported = await importedNetworks({ providerId })
      return externals.map((external) => shown(external, imported))
    },
    async get(providerId, externalId) {
      const external = await externalNetwork(clients, await provider(providerId), externalId)
      return shown(external, await importedNetworks({ providerId, externalId }))
    },
    async import(providerId, externalId, request) {
      const action = 'import Network'
      const owner = await provider(providerId)
      checkCredentials(owner, action)
      const wish = await wishOf(store, request)
      const rights = await access.current()
      // The real engine waits for whoever is at work on the networks of a provider, too.
      const work = async () =>
        importNetwork({ store, locks }, owner, await externalNetwork(clients, owner, externalId), wish, rights)
      const network = await telling(externalId, owner, () =>
        locks.during([shared(providerLock(owner.id))], action, work, { isPatient: true }),
      )
      await events.tell(
        'NETWORK_IMPORT_EXTERNAL_NETWORK',
        `Successfully initiated import of external network ${network.name} from provider ${owner.name}.`,
      )
      return network
    },
    async edit(providerId, externalId, request) {
      const external = await editExternal(parts, providerId, externalId, request)
      return shown(external, await importedNetworks({ providerId, externalId }))
    },
  }
}

async function wishOf(
  { dataCenters, clusters }: Tables,
  { dataCenter, name, publicUse, clusters: wanted }: ImportRequest,
) {
  const { id: dataCenterId } = await referenced(dataCenters, 'Data Center', dataCenter)
  const own = wanted === 'all' ? await clusters.find({ dataCenterId }) : await referencedAll(clusters, wanted ?? [])
  const stranger = own.find((cluster) => cluster.dataCenterId !== dataCenterId)
  if (stranger)
    throw new Fault('INVALID_VALUE', { reason: `The cluster ${stranger.name} belongs to another data center.` })
  return {
    dataCenterId,
    ...(name !== undefined && { name: checkedNetworkName(name) }),
    ...(publicUse !== undefined && { publicUse }),
    clusterIds: [...new Set(own.map(({ id }) => id))],
  }
}

const referencedAll = (clusters: Tables['clusters'], references: readonly Reference[]) =>
  Promise.all(references.map((reference) => referenced(clusters, 'Cluster', reference)))
