// The group `routers`: for providers that have them.
import { must, mustRefuse, same } from '../../check.ts'
import { type CaseDraft, caseGroup } from '../../conformance-case.ts'
import { find, mustFind } from '../../provider-under-test.ts'
import { addressesOf, makeNetwork, makePort } from '../../resources.ts'
import { absentCollection } from '../offered.ts'
import { gatewayCases } from './router-gateways.ts'
import { makeConnectedRouter, makeRouter } from './router-interface.ts'

const source = 'Networking API v2.0: routers'
const measured = 'Neutron, measured'

const cases: readonly CaseDraft[] = [
  {
    id: 'life',
    level: 'recommended',
    rule: 'A router is created, listed, renamed and deleted',
    source,
    async run(provider) {
      const router = await makeRouter(provider)
      mustFind(await provider.list('routers'), router, 'GET /v2.0/routers')
      const renamed = await provider.one('PUT', `/routers/${router.id}`, 'router', { name: provider.name('renamed') })
      same(renamed.name, provider.name('renamed'), 'the name')
      await provider.ask('DELETE', `/routers/${router.id}`)
      must(!find(await provider.list('routers'), router.id), 'the router is still in the list')
    },
  },
  {
    id: 'interface',
    level: 'recommended',
    rule: "A router's interface is a port of device_owner network:router_interface with the subnet's gateway address",
    source,
    async run(provider) {
      const { router, block, interfacePort } = await makeConnectedRouter(provider)
      same(interfacePort.device_id, router.id, 'device_id')
      same(interfacePort.device_owner, 'network:router_interface', 'device_owner')
      same(addressesOf(interfacePort), [block.address(1)], 'the list of addresses')
    },
  },
  {
    id: 'interface-answer',
    level: 'recommended',
    rule: 'The answer to a removed interface names router, network, port and subnets',
    source: 'Networking API v2.0: remove_router_interface',
    async run(provider) {
      const { router, network, subnet, interfacePort } = await makeConnectedRouter(provider)
      const wish = { subnet_id: subnet.id }
      const { body } = await provider.ask('PUT', `/routers/${router.id}/remove_router_interface`, wish)
      const { id, network_id, port_id, subnet_id, subnet_ids } = body as Record<string, unknown>
      same(
        [id, network_id, port_id, subnet_id, subnet_ids],
        [router.id, network.id, interfacePort.id, subnet.id, [subnet.id]],
        '[id, network_id, port_id, subnet_id, subnet_ids]',
      )
    },
  },
  {
    id: 'interface-by-port',
    level: 'recommended',
    rule: 'A port that is made an interface keeps its address, and is removed with the interface',
    source: 'Networking API v2.0: add_router_interface with port_id',
    async run(provider) {
      const { network } = await makeConnectedRouter(provider)
      const other = await makeRouter(provider)
      const port = await makePort(provider, network)
      const body = { port_id: port.id }
      await provider.ask('PUT', `/routers/${other.id}/add_router_interface`, body)
      provider.afterwards({ method: 'PUT', path: `/routers/${other.id}/remove_router_interface`, body })
      const now = await provider.one('GET', `/ports/${port.id}`, 'port')
      same([now.device_id, addressesOf(now)], [other.id, addressesOf(port)], '[device_id, addresses]')
      await provider.ask('PUT', `/routers/${other.id}/remove_router_interface`, body)
      must(!find(await provider.list('ports'), port.id), 'the port is still in the list')
    },
  },
  {
    id: 'interface-removed',
    level: 'recommended',
    rule: 'remove_router_interface takes the port away; doing it again is answered 404',
    source: measured,
    async run(provider) {
      const { router, subnet, interfacePort } = await makeConnectedRouter(provider)
      const body = { subnet_id: subnet.id }
      await provider.ask('PUT', `/routers/${router.id}/remove_router_interface`, body)
      must(!find(await provider.list('ports'), interfacePort.id), 'the port is still in the list')
      same(
        (await provider.send('PUT', `/routers/${router.id}/remove_router_interface`, body)).status,
        404,
        'the status',
      )
    },
  },
  {
    id: 'interface-twice',
    level: 'recommended',
    rule: 'A second interface in the same subnet is answered 400 BadRequest',
    source: measured,
    async run(provider) {
      const { router, subnet } = await makeConnectedRouter(provider)
      const path = `/routers/${router.id}/add_router_interface`
      mustRefuse(await provider.send('PUT', path, { subnet_id: subnet.id }), 400, 'BadRequest')
    },
  },
  {
    id: 'interface-of-nothing',
    level: 'recommended',
    rule: 'An interface without a subnet or port is answered 400 BadRequest',
    source: measured,
    async run(provider) {
      const { id } = await makeRouter(provider)
      mustRefuse(await provider.send('PUT', `/routers/${id}/add_router_interface`, {}), 400, 'BadRequest')
    },
  },
  {
    id: 'interface-of-used-port',
    level: 'recommended',
    rule: 'A port of a device is not made an interface: 409 PortInUse',
    source: 'Neutron: add_router_interface with a port that has a device_id',
    async run(provider) {
      const { id } = await makeRouter(provider)
      const port = await makePort(provider, await makeNetwork(provider), { device_id: 'vm', fixed_ips: [] })
      const path = `/routers/${id}/add_router_interface`
      mustRefuse(await provider.send('PUT', path, { port_id: port.id }), 409, 'PortInUse')
    },
  },
  {
    id: 'interface-overlapping',
    level: 'recommended',
    rule: 'A subnet whose addresses overlap with another of the router is answered 400 BadRequest',
    source: 'Neutron: "Cidr … overlaps with cidr …"',
    async run(provider) {
      const { router, block } = await makeConnectedRouter(provider)
      const { id: network_id } = await makeNetwork(provider)
      const attributes = { name: provider.name('subnet'), network_id, ip_version: 4, cidr: block.cidr }
      const other = await provider.one('POST', '/subnets', 'subnet', attributes)
      const path = `/routers/${router.id}/add_router_interface`
      mustRefuse(await provider.send('PUT', path, { subnet_id: other.id }), 400, 'BadRequest')
    },
  },
  {
    id: 'delete-in-use',
    level: 'recommended',
    rule: 'A router with an interface is not deleted: 409 RouterInUse',
    source: 'Neutron: DELETE router with interfaces',
    async run(provider) {
      const { router } = await makeConnectedRouter(provider)
      mustRefuse(await provider.send('DELETE', `/routers/${router.id}`), 409, 'RouterInUse')
      mustFind(await provider.list('routers'), router, 'GET /v2.0/routers')
    },
  },
  {
    id: 'delete-interface-port',
    level: 'recommended',
    rule: "A router's port is not deleted as a port: 409 ServicePortInUse",
    source: measured,
    async run(provider) {
      const { interfacePort } = await makeConnectedRouter(provider)
      mustRefuse(await provider.send('DELETE', `/ports/${interfacePort.id}`), 409, 'ServicePortInUse')
    },
  },
  {
    id: 'subnet-of-router',
    level: 'recommended',
    rule: 'A subnet with an interface of a router is not deleted: 409 SubnetInUse',
    source: measured,
    async run(provider) {
      const { subnet } = await makeConnectedRouter(provider)
      mustRefuse(await provider.send('DELETE', `/subnets/${subnet.id}`), 409, 'SubnetInUse')
    },
  },
]

export const routers = caseGroup(
  'routers',
  'routers and their interfaces, where the provider has them',
  [...cases, ...gatewayCases],
  (provider) => absentCollection(provider, 'routers', 'router'),
)
