// The group `floating-ips`: for providers that have them. Needs an external network; one is made where there is none.
import { isSuccess, must, mustRefuse, same, skip } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import { find, mustFind, type ProviderUnderTest, type Row } from '../provider-under-test.ts'
import { addressesOf, makeNetworkWithSubnet, makePort, makeSubnet } from '../resources.ts'
import { absentCollection } from './offered.ts'
import { addInterface, makeRouter } from './routers.ts'

const source = 'Networking API v2.0: floating IPs'

const cases: readonly CaseDraft[] = [
  {
    id: 'life',
    level: 'recommended',
    rule: 'A floating IP gets an address of the external network; it is listed and deleted',
    source,
    async run(provider) {
      const floating = await makeFloatingIp(provider, await makeExternalNetwork(provider))
      must(typeof floating.floating_ip_address === 'string', 'floating_ip_address is missing')
      mustFind(await provider.list('floatingips'), floating, 'GET /v2.0/floatingips')
      await provider.ask('DELETE', `/floatingips/${floating.id}`)
      must(!find(await provider.list('floatingips'), floating.id), 'the floating IP is still in the list')
    },
  },
  {
    id: 'associate',
    level: 'recommended',
    rule: 'A floating IP is given to a port behind a router, and taken away by port_id null',
    source,
    async run(provider) {
      const external = await makeExternalNetwork(provider)
      const port = await makePortBehindRouter(provider, external)
      const { id } = await makeFloatingIp(provider, external)
      const given = await provider.one('PUT', `/floatingips/${id}`, 'floatingip', { port_id: port.id })
      same([given.port_id, given.fixed_ip_address], [port.id, addressesOf(port)[0]], '[port_id, fixed_ip_address]')
      const taken = await provider.one('PUT', `/floatingips/${id}`, 'floatingip', { port_id: null })
      same([taken.port_id, taken.fixed_ip_address], [null, null], '[port_id, fixed_ip_address]')
    },
  },
  {
    id: 'not-reachable',
    level: 'recommended',
    rule: 'A floating IP for a port that no router connects is answered 404 ExternalGatewayForFloatingIPNotFound',
    source: 'Neutron: floating IP without a router',
    async run(provider) {
      const external = await makeExternalNetwork(provider)
      const { network } = await makeNetworkWithSubnet(provider)
      const port = await makePort(provider, network)
      const wish = { floating_network_id: external.id, port_id: port.id, description: provider.tag }
      const answer = await provider.send('POST', '/floatingips', { floatingip: wish })
      mustRefuse(answer, 404, 'ExternalGatewayForFloatingIPNotFound')
    },
  },
  {
    id: 'of-internal-network',
    level: 'recommended',
    rule: 'A floating IP of a network that is not external is answered 400 BadRequest',
    source: 'Neutron: floating IP of an internal network',
    async run(provider) {
      const { network } = await makeNetworkWithSubnet(provider)
      const wish = { floating_network_id: network.id, description: provider.tag }
      mustRefuse(await provider.send('POST', '/floatingips', { floatingip: wish }), 400, 'BadRequest')
    },
  },
]

export const floatingIps = caseGroup('floating-ips', 'floating IPs, where the provider has them', cases, (provider) =>
  absentCollection(provider, 'floatingips', 'router'),
)

async function makeExternalNetwork(provider: ProviderUnderTest): Promise<Row> {
  const network = { name: provider.name('external'), 'router:external': true }
  const answer = await provider.send('POST', '/networks', { network })
  if (!isSuccess(answer)) skip(`an external network cannot be made here: ${answer.status}`)
  const made = (answer.body as { network: Row }).network
  await makeSubnet(provider, made, { enable_dhcp: false })
  return made
}

function makeFloatingIp(provider: ProviderUnderTest, external: Row): Promise<Row> {
  const wish = { floating_network_id: external.id, description: provider.tag }
  return provider.one('POST', '/floatingips', 'floatingip', wish)
}

async function makePortBehindRouter(provider: ProviderUnderTest, external: Row): Promise<Row> {
  const { network, subnet } = await makeNetworkWithSubnet(provider)
  const router = await makeRouter(provider, { external_gateway_info: { network_id: external.id } })
  await addInterface(provider, router, subnet)
  return makePort(provider, network)
}
