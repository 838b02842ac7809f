// The subnets of a provider's networks: managed there, unless it is read-only. The engine keeps nothing of them.
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import { parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import { Fault } from '../../faults.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { existing } from '../names.ts'
import { externalNetwork } from './external-networks.ts'
import { refuseReadOnly } from './provider-draft.ts'

export type SubnetRequest = ResourceOf<typeof subnetType>

export interface ProviderSubnetService {
  list(providerId: string, externalId: string): Promise<Answered<Subnet>[]>
  get(providerId: string, externalId: string, id: string): Promise<Answered<Subnet>>
  add(providerId: string, externalId: string, request: SubnetRequest): Promise<Answered<Subnet>>
  remove(providerId: string, externalId: string, id: string): Promise<void>
  /** What the request leaves out stays. */
  edit(providerId: string, externalId: string, id: string, request: SubnetRequest): Promise<Answered<Subnet>>
}

export function createProviderSubnetService({
  store,
  providers: clients,
  events,
}: Pick<Parts, 'store' | 'providers' | 'events'>): ProviderSubnetService {
  const provider = (id: string) => existing(store.providers, 'Provider', id)

  async function list(providerId: string, externalId: string): Promise<Answered<Subnet>[]> {
    return clients.ask(await provider(providerId), (client) => client.subnets.list({ network_id: externalId }))
  }

  async function get(providerId: string, externalId: string, id: string): Promise<Answered<Subnet>> {
    const wanted = (await list(providerId, externalId)).find((each) => each.id === id)
    if (!wanted) throw new Fault('NOT_FOUND', { what: 'Subnet', id })
    return wanted
  }

  return {
    list,
    get,
    async add(providerId, externalId, request) {
      const owner = await provider(providerId)
      refuseReadOnly(owner, 'add Subnet')
      const body = { ...subnetBody(request), network_id: externalId }
      const failure = `Failed to add subnet ${request.name} on provider ${owner.name}`
      const made = await events.tellFailure('SUBNET_ADDITION_FAILED', failure, async () => {
        const { tenant_id } = await externalNetwork(clients, owner, externalId)
        return clients.ask(owner, (client) => client.subnets.create({ ...body, ...(tenant_id && { tenant_id }) }))
      })
      await events.tell('SUBNET_ADDED', `Subnet ${request.name} was added on provider ${owner.name}.`)
      return made
    },
    async edit(providerId, externalId, id, request) {
      const owner = await provider(providerId)
      refuseReadOnly(owner, 'edit Subnet')
      const before = await get(providerId, externalId, id)
      const change = subnetChange(before, request)
      const after = await clients.ask(owner, (client) => client.subnets.update(id, change))
      await events.tell('SUBNET_UPDATED', `Subnet ${after.name || id} was updated on provider ${owner.name}.`)
      return after
    },
    async remove(providerId, externalId, id) {
      const owner = await provider(providerId)
      refuseReadOnly(owner, 'remove Subnet')
      const { name } = await get(providerId, externalId, id)
      const failure = `Failed to remove subnet ${name || id} from provider ${owner.name}`
      await events.tellFailure('SUBNET_REMOVAL_FAILED', failure, () =>
        clients.ask(owner, (client) => client.subnets.remove(id)),
      )
      await events.tell('SUBNET_REMOVED', `Subnet ${name || id} was removed from provider ${owner.name}.`)
    },
  }
}

/** Neutron's rule: addresses and their version stay what they are. An empty gateway is none. */
function subnetChange(before: Answered<Subnet>, { name, cidr, ip_version, gateway, dns_servers }: SubnetRequest) {
  const fixed = (given: string | undefined, known: string | undefined) => given !== undefined && given !== known
  if (fixed(cidr, before.cidr) || fixed(ip_version, `v${before.ip_version}`))
    throw new Fault('INVALID_VALUE', { reason: 'The CIDR and the IP version of a subnet cannot be changed.' })
  return {
    ...(name !== undefined && { name }),
    ...(gateway !== undefined && { gateway_ip: gateway === '' ? null : gateway }),
    ...(dns_servers !== undefined && { dns_nameservers: dns_servers }),
  }
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
