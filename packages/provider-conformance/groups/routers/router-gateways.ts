// Cases of the group `routers`: gateways to external networks, and static routes.
import { must, mustRefuse, same } from '../../check.ts'
import type { CaseDraft } from '../../conformance-case.ts'
import { find, type ProviderUnderTest, type Row } from '../../provider-under-test.ts'
import { addressesOf, makeNetworkWithSubnet } from '../../resources.ts'
import { makeExternalNetwork, makePortBehindRouter } from './external-network.ts'
import { makeConnectedRouter, makeRouter } from './router-interface.ts'

export const gatewayCases: readonly CaseDraft[] = [
  {
    id: 'gateway',
    level: 'recommended',
    rule: 'A gateway is a port of device_owner network:router_gateway on the external network; the router tells its addresses',
    source: 'Networking API v2.0: external_gateway_info',
    async run(provider) {
      const { network } = await makeExternalNetwork(provider)
      const router = await makeRouter(provider, { external_gateway_info: { network_id: network.id } })
      const info = router.external_gateway_info as { network_id: string; external_fixed_ips: object[] }
      same(info?.network_id, network.id, 'external_gateway_info.network_id')
      const ports = await provider.list('ports', `?device_id=${router.id}`)
      same(
        ports.map(({ device_owner, network_id }) => [device_owner, network_id]),
        [['network:router_gateway', network.id]],
        'the list of ports [device_owner, network_id]',
      )
      same(addressesOf({ id: '', fixed_ips: info.external_fixed_ips }), addressesOf(ports[0]!), 'external_fixed_ips')
    },
  },
  {
    id: 'gateway-taken-away',
    level: 'recommended',
    rule: 'external_gateway_info {} takes the gateway away, and its port',
    source: 'Neutron: PUT router with an empty external_gateway_info',
    async run(provider) {
      const { network } = await makeExternalNetwork(provider)
      const { id } = await makeRouter(provider, { external_gateway_info: { network_id: network.id } })
      const [port] = await provider.list('ports', `?device_id=${id}`)
      must(port, 'the router has no gateway port')
      const router = await provider.one('PUT', `/routers/${id}`, 'router', { external_gateway_info: {} })
      same(router.external_gateway_info, null, 'external_gateway_info')
      must(!find(await provider.list('ports'), port.id), 'the gateway port is still in the list')
    },
  },
  {
    id: 'gateway-internal',
    level: 'recommended',
    rule: 'A gateway on a network that is not external is answered 400 BadRequest',
    source: 'Neutron: "Network … is not an external network"',
    async run(provider) {
      const { network } = await makeNetworkWithSubnet(provider)
      const { id } = await makeRouter(provider)
      const router = { external_gateway_info: { network_id: network.id } }
      mustRefuse(await provider.send('PUT', `/routers/${id}`, { router }), 400, 'BadRequest')
    },
  },
  {
    id: 'gateway-needed',
    level: 'recommended',
    rule: 'A gateway that serves floating IPs is not taken away: 409 RouterExternalGatewayInUseByFloatingIp',
    source: 'Neutron: PUT router with floating IPs behind its gateway',
    async run(provider) {
      const { network } = await makeExternalNetwork(provider)
      const { router, port } = await makePortBehindRouter(provider, network)
      const wish = { floating_network_id: network.id, port_id: port.id, description: provider.tag }
      await provider.one('POST', '/floatingips', 'floatingip', wish)
      const answer = await provider.send('PUT', `/routers/${router.id}`, { router: { external_gateway_info: null } })
      mustRefuse(answer, 409, 'RouterExternalGatewayInUseByFloatingIp')
    },
  },
  {
    id: 'routes',
    level: 'recommended',
    rule: 'Routes are set as a whole and shown; [] removes them',
    source: 'Networking API v2.0: routes of the extension extraroute',
    async run(provider) {
      const { router, block } = await makeConnectedRouter(provider)
      const route = { destination: '198.51.100.0/24', nexthop: block.address(9) }
      same((await setRoutes(provider, router, [route])).routes, [route], 'the list of routes')
      same((await setRoutes(provider, router, [])).routes, [], 'the list of routes')
    },
  },
  {
    id: 'route-to-nowhere',
    level: 'recommended',
    rule: 'A route whose next hop is in no subnet of the router is answered 400 InvalidRoutes',
    source: 'Neutron: "the nexthop is not connected with router"',
    async run(provider) {
      const { router } = await makeConnectedRouter(provider)
      const routes = [{ destination: '198.51.100.0/24', nexthop: '192.0.2.9' }]
      mustRefuse(await provider.send('PUT', `/routers/${router.id}`, { router: { routes } }), 400, 'InvalidRoutes')
    },
  },
  {
    id: 'interface-needed-by-route',
    level: 'recommended',
    rule: 'An interface that a route leads through is not removed: 409 RouterInterfaceInUseByRoute',
    source: 'Neutron: remove_router_interface with a route through the subnet',
    async run(provider) {
      const { router, subnet, block } = await makeConnectedRouter(provider)
      await setRoutes(provider, router, [{ destination: '198.51.100.0/24', nexthop: block.address(9) }])
      const path = `/routers/${router.id}`
      provider.afterwards({ method: 'PUT', path, body: { router: { routes: [] } } })
      const answer = await provider.send('PUT', `${path}/remove_router_interface`, { subnet_id: subnet.id })
      mustRefuse(answer, 409, 'RouterInterfaceInUseByRoute')
    },
  },
]

const setRoutes = (provider: ProviderUnderTest, { id }: Row, routes: readonly object[]) =>
  provider.one('PUT', `/routers/${id}`, 'router', { routes })
