// What a provider has: its networks, to be imported; their subnets, to be managed unless it is read-only.
import type { Answered } from '@patchbay/networking-api/client.ts'
import { parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import { Fault } from '../faults.ts'
import { shared } from '../lifecycle/locks.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { providerLock } from '../lifecycle/provider-lock.ts'
import { ProviderFailure } from '../providers/provider-clients.ts'
import type { Network } from '../store/entities/networks.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Tables } from '../store/store.ts'
import { existing, referenced } from './names.ts'
import type { External } from './networks/external-network.ts'
import { importNetwork } from './networks/import-network.ts'
import { checkedNetworkName } from './networks/network-request.ts'
import { checkCredentials } from './provider-draft.ts'

export type SubnetRequest = ResourceOf<typeof subnetType>
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

export interface ProviderNetworkService {
  list(providerId: string): Promise<External[]>
  get(providerId: string, externalId: string): Promise<External>
  /** Makes it a network of a data center, with a vNIC profile of the same name. */
  import(providerId: string, externalId: string, request: ImportRequest): Promise<Network>
  subnets(providerId: string, externalId: string): Promise<Answered<Subnet>[]>
  subnet(providerId: string, externalId: string, id: string): Promise<Answered<Subnet>>
  addSubnet(providerId: string, externalId: string, request: SubnetRequest): Promise<Answered<Subnet>>
  removeSubnet(providerId: string, externalId: string, id: string): Promise<void>
}

export function createProviderNetworkService({
  store,
  providers: clients,
  events,
  locks,
}: Pick<Parts, 'store' | 'providers' | 'events' | 'locks'>): ProviderNetworkService {
  const provider = (id: string) => existing(store.providers, 'Provider', id)

  async function get(providerId: string, externalId: string): Promise<External> {
    // As the real engine, picked from the list: a 404 then is the answer of something else than this network's provider.
    const [network] = await clients.ask(await provider(providerId), (client) =>
      client.networks.list({ id: externalId }),
    )
    if (!network) throw new Fault('NOT_FOUND', { what: 'Network', id: externalId })
    return network
  }

  async function subnets(providerId: string, externalId: string): Promise<Answered<Subnet>[]> {
    return clients.ask(await provider(providerId), (client) => client.subnets.list({ network_id: externalId }))
  }

  async function subnet(providerId: string, externalId: string, id: string): Promise<Answered<Subnet>> {
    const wanted = (await subnets(providerId, externalId)).find((each) => each.id === id)
    if (!wanted) throw new Fault('NOT_FOUND', { what: 'Subnet', id })
    return wanted
  }

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
    list: async (providerId) => clients.ask(await provider(providerId), (client) => client.networks.list()),
    get,
    async import(providerId, externalId, request) {
      const action = 'import Network'
      const owner = await provider(providerId)
      checkCredentials(owner, action)
      const wish = await wishOf(store, request)
      // The real engine waits for whoever is at work on the networks of a provider, too.
      const work = async () => importNetwork({ store, locks }, owner, await get(providerId, externalId), wish)
      const network = await telling(externalId, owner, () =>
        locks.during([shared(providerLock(owner.id))], action, work, { isPatient: true }),
      )
      await events.tell(
        'NETWORK_IMPORT_EXTERNAL_NETWORK',
        `Successfully initiated import of external network ${network.name} from provider ${owner.name}.`,
      )
      return network
    },
    subnets,
    subnet,
    async addSubnet(providerId, externalId, request) {
      const owner = await provider(providerId)
      refuseReadOnly(owner, 'add Subnet')
      const body = { ...subnetBody(request), network_id: externalId }
      const { tenant_id } = await get(providerId, externalId)
      const made = await clients.ask(owner, (client) =>
        client.subnets.create({ ...body, ...(tenant_id && { tenant_id }) }),
      )
      await events.tell('SUBNET_ADDED', `Subnet ${request.name} was added on provider ${owner.name}.`)
      return made
    },
    async removeSubnet(providerId, externalId, id) {
      const owner = await provider(providerId)
      refuseReadOnly(owner, 'remove Subnet')
      const { name } = await subnet(providerId, externalId, id)
      await clients.ask(owner, (client) => client.subnets.remove(id))
      await events.tell('SUBNET_REMOVED', `Subnet ${name || id} was removed from provider ${owner.name}.`)
    },
  }
}

export function refuseReadOnly({ readOnly, type, name }: Provider, action: string): void {
  // The real engine ignores the flag for OpenStack providers.
  if (readOnly && type === 'external')
    throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_PROVIDER_IS_READ_ONLY', { action, name })
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

/** As the provider wants it, but for the network. */
export function subnetBody({ name, cidr, ip_version, gateway, dns_servers = [] }: SubnetRequest) {
  for (const [field, value] of Object.entries({ name, cidr, ip_version })) {
    if (value === undefined)
      throw new Fault('INCOMPLETE_PARAMETERS', { what: `OpenStackSubnet [${field}]`, action: 'add' })
  }
  checkCidr(cidr!)
  return {
    name: name!,
    cidr: cidr!,
    ip_version: ip_version === 'v6' ? 6 : 4,
    enable_dhcp: true,
    dns_nameservers: dns_servers,
    ...(gateway !== undefined && { gateway_ip: gateway }),
  }
}

/** Host bits must not be set: the real engine wants the address of the network itself. */
function checkCidr(text: string): void {
  const cidr = parseCidr(text)
  const shown = text.slice(0, 100)
  if (!cidr) throw new Fault('BAD_CIDR_FORMAT', { cidr: shown })
  if (parseAddress(text.split('/')[0]!)?.number !== cidr.first)
    throw new Fault('CIDR_NOT_NETWORK_ADDRESS', { cidr: shown })
}
