// What a provider has: its networks, to be imported; their subnets, to be managed unless it is read-only.
import type { Answered } from '@patchbay/networking-api/client.ts'
import { parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Network as ExternalNetwork } from '@patchbay/networking-api/networks.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import { Fault } from '../faults.ts'
import { insertNetwork } from '../lifecycle/insert-network.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { networkNameLocks } from '../lifecycle/remove-network.ts'
import type { Network } from '../store/entities/networks.ts'
import type { Provider } from '../store/entities/providers.ts'
import { existing, referenced } from './names.ts'
import { newNetwork } from './networks/new-network.ts'
import { defaultProfile } from './networks/new-profile.ts'

export type SubnetRequest = ResourceOf<typeof subnetType>
type Reference = { readonly id?: string; readonly name?: string }

export interface ProviderNetworkService {
  list(providerId: string): Promise<Answered<ExternalNetwork>[]>
  get(providerId: string, externalId: string): Promise<Answered<ExternalNetwork>>
  /** Makes it a network of a data center, with a vNIC profile of the same name. */
  import(providerId: string, externalId: string, dataCenter: Reference | undefined): Promise<Network>
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

  async function get(providerId: string, externalId: string): Promise<Answered<ExternalNetwork>> {
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

  return {
    list: async (providerId) => clients.ask(await provider(providerId), (client) => client.networks.list()),
    get,
    async import(providerId, externalId, reference) {
      const { id, name: providerName } = await provider(providerId)
      const dataCenter = await referenced(store.dataCenters, 'Data Center', reference)
      const external = await get(providerId, externalId)
      const network = importedNetwork(external, id, dataCenter.id)
      // A removal that is under way may yet bring back what has the name, or is the same network.
      await locks.during(networkNameLocks(network), 'import Network', () =>
        store.transaction((tables) =>
          insertNetwork(tables, { network, profiles: [defaultProfile(network)], clusters: [] }),
        ),
      )
      await events.tell(
        'NETWORK_IMPORT_EXTERNAL_NETWORK',
        `Successfully initiated import of external network ${network.name} from provider ${providerName}.`,
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

function importedNetwork(external: Answered<ExternalNetwork>, providerId: string, dataCenterId: string): Network {
  return newNetwork({
    name: (external.name || external.id).slice(0, 256),
    description: external.description ?? '',
    dataCenterId,
    providerId,
    externalId: external.id,
    // Some providers tell it as a text.
    mtu: Number(external.mtu ?? 0) || 0,
  })
}

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
