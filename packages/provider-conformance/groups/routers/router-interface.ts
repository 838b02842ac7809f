// Routers and their interfaces, as cases make them.
import { must } from '../../check.ts'
import type { ProviderUnderTest, Row } from '../../provider-under-test.ts'
import { makeNetworkWithSubnet } from '../../resources.ts'

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

export async function makeConnectedRouter(provider: ProviderUnderTest) {
  const made = await makeNetworkWithSubnet(provider)
  const router = await makeRouter(provider)
  return { ...made, router, interfacePort: await addInterface(provider, router, made.subnet) }
}
