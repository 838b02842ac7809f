// The group `routers`: for providers that have them.
import { must, mustRefuse, same } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import { find, mustFind, type ProviderUnderTest, type Row } from '../provider-under-test.ts'
import { addressesOf, makeNetworkWithSubnet } from '../resources.ts'
import { absentCollection } from './offered.ts'

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
  cases,
  (provider) => absentCollection(provider, 'routers', 'router'),
)

export function makeRouter(provider: ProviderUnderTest, more: object = {}): Promise<Row> {
  return provider.one('POST', '/routers', 'router', { name: provider.name('router'), ...more })
}

/** Connects the subnet to the router; undone after the case. Answers the interface's port. */
export async function addInterface(provider: ProviderUnderTest, router: Row, subnet: Row): Promise<Row> {
  const body = { subnet_id: subnet.id }
  provider.afterwards({ method: 'PUT', path: `/routers/${router.id}/remove_router_interface`, body })
  const answer = await provider.ask('PUT', `/routers/${router.id}/add_router_interface`, body)
  const { port_id: id } = answer.body as { port_id?: unknown }
  must(typeof id === 'string', 'the answer has no port_id')
  return provider.one('GET', `/ports/${id}`, 'port')
}

async function makeConnectedRouter(provider: ProviderUnderTest) {
  const made = await makeNetworkWithSubnet(provider)
  const router = await makeRouter(provider)
  return { ...made, router, interfacePort: await addInterface(provider, router, made.subnet) }
}
