// The group `floating-ips`: for providers that have them. Needs an external network; one is made where there is none.
import { must, mustRefuse, same } from '../../check.ts'
import { type CaseDraft, caseGroup } from '../../conformance-case.ts'
import { find, mustFind, type ProviderUnderTest, type Row } from '../../provider-under-test.ts'
import { addressesOf, makeNetworkWithSubnet, makePort } from '../../resources.ts'
import { absentCollection } from '../offered.ts'
import { makeExternalNetwork, makePortBehindRouter } from './external-network.ts'

const source = 'Networking API v2.0: floating IPs'

const cases: readonly CaseDraft[] = [
  {
    id: 'life',
    level: 'recommended',
    rule: 'A floating IP gets an address of the external network; it is listed and deleted',
    source,
    async run(provider) {
      const floating = await makeFloatingIp(provider, (await makeExternalNetwork(provider)).network)
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
      const { network: external } = await makeExternalNetwork(provider)
      const { port } = await makePortBehindRouter(provider, external)
      const { id } = await makeFloatingIp(provider, external)
      const given = await provider.one('PUT', `/floatingips/${id}`, 'floatingip', { port_id: port.id })
      same([given.port_id, given.fixed_ip_address], [port.id, addressesOf(port)[0]], '[port_id, fixed_ip_address]')
      const taken = await provider.one('PUT', `/floatingips/${id}`, 'floatingip', { port_id: null })
      same([taken.port_id, taken.fixed_ip_address], [null, null], '[port_id, fixed_ip_address]')
    },
  },
  {
    id: 'chosen-address',
    level: 'recommended',
    rule: 'A floating IP has the address that is asked for; it is given once: 409 IpAddressAlreadyAllocated',
    source: 'Networking API v2.0: floating_ip_address',
    async run(provider) {
      const { network, block } = await makeExternalNetwork(provider)
      const floating_ip_address = block.address(77)
      const floating = await makeFloatingIp(provider, network, { floating_ip_address })
      same(floating.floating_ip_address, floating_ip_address, 'floating_ip_address')
      const wish = { floating_network_id: network.id, floating_ip_address, description: provider.tag }
      const again = await provider.send('POST', '/floatingips', { floatingip: wish })
      mustRefuse(again, 409, 'IpAddressAlreadyAllocated')
    },
  },
  {
    id: 'second',
    level: 'recommended',
    rule: 'A second floating IP for the same address of a port is answered 409 FloatingIPPortAlreadyAssociated',
    source: 'Neutron: floating IP for a port that has one',
    async run(provider) {
      const { network } = await makeExternalNetwork(provider)
      const { port } = await makePortBehindRouter(provider, network)
      await makeFloatingIp(provider, network, { port_id: port.id })
      const wish = { floating_network_id: network.id, port_id: port.id, description: provider.tag }
      const answer = await provider.send('POST', '/floatingips', { floatingip: wish })
      mustRefuse(answer, 409, 'FloatingIPPortAlreadyAssociated')
    },
  },
  {
    id: 'port-deleted',
    level: 'recommended',
    rule: 'A port that is deleted leaves its floating IP, which stands for nothing then',
    source: 'Neutron: DELETE port with a floating IP',
    async run(provider) {
      const { network } = await makeExternalNetwork(provider)
      const { port } = await makePortBehindRouter(provider, network)
      const { id } = await makeFloatingIp(provider, network, { port_id: port.id })
      await provider.ask('DELETE', `/ports/${port.id}`)
      const left = await provider.one('GET', `/floatingips/${id}`, 'floatingip')
      same(
        [left.port_id, left.fixed_ip_address, left.router_id],
        [null, null, null],
        '[port_id, fixed_ip_address, router_id]',
      )
    },
  },
  {
    id: 'own-port',
    level: 'recommended',
    rule: 'The address of a floating IP is kept by a port that is not deleted as a port: 409 ServicePortInUse',
    source: 'Neutron: DELETE port of device_owner network:floatingip',
    async run(provider) {
      const { network } = await makeExternalNetwork(provider)
      await makeFloatingIp(provider, network)
      const [port] = await provider.list('ports', `?network_id=${network.id}&device_owner=network:floatingip`)
      must(port, 'the external network has no port of device_owner network:floatingip')
      mustRefuse(await provider.send('DELETE', `/ports/${port.id}`), 409, 'ServicePortInUse')
    },
  },
  {
    id: 'interface-needed',
    level: 'recommended',
    rule: 'An interface that a floating IP needs is not removed: 409 RouterInterfaceInUseByFloatingIP',
    source: 'Neutron: remove_router_interface with a floating IP behind it',
    async run(provider) {
      const { network } = await makeExternalNetwork(provider)
      const { router, subnet, port } = await makePortBehindRouter(provider, network)
      await makeFloatingIp(provider, network, { port_id: port.id })
      const path = `/routers/${router.id}/remove_router_interface`
      const answer = await provider.send('PUT', path, { subnet_id: subnet.id })
      mustRefuse(answer, 409, 'RouterInterfaceInUseByFloatingIP')
    },
  },
  {
    id: 'not-reachable',
    level: 'recommended',
    rule: 'A floating IP for a port that no router connects is answered 404 ExternalGatewayForFloatingIPNotFound',
    source: 'Neutron: floating IP without a router',
    async run(provider) {
      const { network: external } = await makeExternalNetwork(provider)
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

function makeFloatingIp(provider: ProviderUnderTest, external: Row, more: object = {}): Promise<Row> {
  const wish = { floating_network_id: external.id, description: provider.tag, ...more }
  return provider.one('POST', '/floatingips', 'floatingip', wish)
}
