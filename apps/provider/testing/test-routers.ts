// For tests of routers: a provider with what they connect.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { startTestProvider, type TestConfig, type TestProvider } from './test-provider.ts'

export interface Place {
  readonly network: any
  readonly subnet: any
}

/** Makes resources through a provider, and fails where that is refused. */
export function makerOf({ send }: Pick<TestProvider, 'send'>) {
  async function make(singular: string, attributes: object = {}): Promise<any> {
    const { status, body } = await send('POST', `/${singular}s`, { [singular]: attributes })
    assert.equal(status, 201, JSON.stringify(body))
    return body[singular]
  }
  async function place(cidr: string, network: object = {}, subnet: object = {}): Promise<Place> {
    const made = await make('network', network)
    const ip_version = cidr.includes(':') ? 6 : 4
    return { network: made, subnet: await make('subnet', { network_id: made.id, ip_version, cidr, ...subnet }) }
  }
  async function put(path: string, body: object): Promise<any> {
    const answer = await send('PUT', path, body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }
  const get = async (path: string): Promise<any> => (await send('GET', path)).body
  return {
    make,
    place,
    put,
    get,
    connect: (router: any, subnet: any) => put(`/routers/${router.id}/add_router_interface`, { subnet_id: subnet.id }),
  }
}

/** Two inner networks on a router, whose gateway is on an outer one; and a port in the first of them. */
export async function startRouted(t: TestContext, config: TestConfig = {}) {
  const provider = await startTestProvider(t, config)
  const maker = makerOf(provider)
  const outer = await maker.place('203.0.113.0/24', { name: 'outer', 'router:external': true }, { enable_dhcp: false })
  const [red, blue] = [await maker.place('10.1.0.0/24'), await maker.place('10.2.0.0/24')]
  const router = await maker.make('router', { external_gateway_info: { network_id: outer.network.id } })
  const redInterface = await maker.connect(router, red.subnet)
  const blueInterface = await maker.connect(router, blue.subnet)
  const port = await maker.make('port', { network_id: red.network.id })
  return { ...provider, ...maker, outer, red, blue, router, redInterface, blueInterface, port }
}
