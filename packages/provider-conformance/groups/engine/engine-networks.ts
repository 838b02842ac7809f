// The engine makes and removes networks and subnets on the provider.
import { isObject, isSuccess, must, same, show, skip } from '../../check.ts'
import type { CaseDraft } from '../../conformance-case.ts'
import { find, mustFind, type ProviderUnderTest, type Row } from '../../provider-under-test.ts'
import { makeEngineNetwork, makeEngineSubnet } from './engine-bodies.ts'

const source = 'ovirt-engine: creating and removing networks and subnets'

export const engineNetworks: readonly CaseDraft[] = [
  {
    id: 'create-network',
    level: 'required',
    rule: 'A network that the engine creates gets an id, under one root key, and is in the list with its name',
    source,
    async run(provider) {
      const network = await makeEngineNetwork(provider)
      const { name } = mustFind(await provider.list('networks'), network, 'GET /v2.0/networks')
      same(name, provider.name('network'), 'the name in the list')
    },
  },
  {
    id: 'single-root-key',
    level: 'required',
    rule: 'An answer about one thing has one root key: a second one is a parse error for the engine',
    source: 'ovirt-engine: how it reads answers',
    async run(provider) {
      const body = { network: { name: provider.name('network'), ...typeOf(provider), admin_state_up: true } }
      const answer = await provider.ask('POST', '/networks', body)
      same(isObject(answer.body) && Object.keys(answer.body), ['network'], 'the list of root keys')
    },
  },
  {
    id: 'network-mtu',
    level: 'required',
    rule: 'A network keeps the MTU that was chosen in the engine',
    source,
    run: (provider) => keeps(provider, { mtu: 1400 }),
  },
  {
    id: 'network-port-security',
    level: 'recommended',
    rule: 'A network keeps port_security_enabled as it was chosen in the engine',
    source,
    run: (provider) => keeps(provider, { port_security_enabled: false }),
  },
  {
    id: 'flat-network',
    level: 'recommended',
    rule: 'A network on a physical network without a VLAN is flat: provider:physical_network and provider:network_type are kept',
    source,
    run: (provider) => onPhysicalNetwork(provider, { 'provider:network_type': 'flat' }),
  },
  {
    id: 'vlan-network',
    level: 'recommended',
    rule: 'A network on a physical network with a VLAN keeps the tag in provider:segmentation_id',
    source,
    run: (provider) =>
      onPhysicalNetwork(provider, {
        'provider:network_type': 'vlan',
        'provider:segmentation_id': provider.settings.vlanId,
      }),
  },
  {
    id: 'create-subnet',
    level: 'required',
    rule: 'A subnet as the engine creates it (dns_nameservers [], a gateway) is in the list as it was asked for',
    source,
    async run(provider) {
      const network = await makeEngineNetwork(provider)
      const { subnet, block } = await makeEngineSubnet(provider, network)
      const listed = mustFind(await provider.list('subnets'), subnet, 'GET /v2.0/subnets')
      same(listed.name, provider.name('subnet'), 'the name')
      same(listed.network_id, network.id, 'network_id')
      same(listed.cidr, block.cidr, 'cidr')
      same(Number(listed.ip_version), 4, 'ip_version')
    },
  },
  {
    id: 'subnet-gateway-and-dns',
    level: 'required',
    rule: 'A subnet keeps the gateway and the name servers that were entered in the engine',
    source,
    async run(provider) {
      const network = await makeEngineNetwork(provider)
      const cidr = provider.block()
      const { subnet } = await makeEngineSubnet(provider, network, {
        cidr: cidr.cidr,
        gateway_ip: cidr.address(1),
        dns_nameservers: ['192.0.2.53'],
      })
      const listed = mustFind(await provider.list('subnets'), subnet, 'GET /v2.0/subnets')
      same(listed.gateway_ip, cidr.address(1), 'gateway_ip')
      same(listed.dns_nameservers, ['192.0.2.53'], 'dns_nameservers')
    },
  },
  {
    id: 'delete-subnet',
    level: 'required',
    rule: 'DELETE /v2.0/subnets/ID removes a subnet that no port uses, also while its network stays',
    source,
    async run(provider) {
      const { subnet } = await makeEngineSubnet(provider, await makeEngineNetwork(provider))
      await mustRemove(provider, 'subnets', subnet)
    },
  },
  {
    id: 'delete-network',
    level: 'required',
    rule: 'DELETE /v2.0/networks/ID removes a network without ports, together with its subnets',
    source,
    async run(provider) {
      const network = await makeEngineNetwork(provider)
      const { subnet } = await makeEngineSubnet(provider, network)
      await mustRemove(provider, 'networks', network)
      must(!find(await provider.list('subnets'), subnet.id), 'a subnet of the network is still listed')
    },
  },
]

/** Deletes and looks: gone from the list. */
export async function mustRemove(provider: ProviderUnderTest, plural: string, { id }: Row): Promise<void> {
  await provider.ask('DELETE', `/${plural}/${id}`)
  must(!find(await provider.list(plural), id), `GET /v2.0/${plural} still lists ${show(id)} after it was deleted`)
}

async function keeps(provider: ProviderUnderTest, attributes: Record<string, unknown>): Promise<void> {
  const network = await makeEngineNetwork(provider, attributes)
  const shown = await provider.one('GET', `/networks/${network.id}`, 'network')
  for (const [name, value] of Object.entries(attributes))
    same(typeof value === 'number' ? Number(shown[name]) : shown[name], value, name)
}

async function onPhysicalNetwork(provider: ProviderUnderTest, type: Record<string, unknown>): Promise<void> {
  const { physicalNetwork } = provider.settings
  if (physicalNetwork === undefined) skip('no --physical-network was named')
  const body = { name: provider.name('probe'), 'provider:physical_network': physicalNetwork, ...type }
  const answer = await provider.send('POST', '/networks', { network: { ...body, admin_state_up: true } })
  must(isSuccess(answer), `the network on '${physicalNetwork}' is refused with ${answer.status}`)
  const { network } = answer.body as { network: Row }
  const shown = await provider.one('GET', `/networks/${network.id}`, 'network')
  same(shown['provider:physical_network'], physicalNetwork, 'provider:physical_network')
  for (const [name, value] of Object.entries(type)) same(String(shown[name]), String(value), name)
}

const typeOf = ({ settings }: ProviderUnderTest) =>
  settings.networkType === undefined ? {} : { 'provider:network_type': settings.networkType }
