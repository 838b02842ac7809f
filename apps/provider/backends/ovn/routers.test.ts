// Routers in the northbound database: those of others, two providers at once, and a provider that takes over.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { makerOf, startRouted } from '../../testing/test-routers.ts'
import { eventually, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

test('a provider that takes over answers as the one before, and goes on', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const old = await startRouted(t, { ovn: { remotes: [server.remote], tls: undefined } })
  const { router, outer, port, make, put, blue } = old
  const routes = [
    { destination: '10.9.0.0/16', nexthop: '10.2.0.7' },
    { destination: '10.8.0.0/16', nexthop: '10.1.0.7' },
  ]
  const change = { description: 'of tests', admin_state_up: false, routes }
  const external_gateway_info = { network_id: outer.network.id, enable_snat: false }
  await put(`/routers/${router.id}`, { router: { name: 'r1', ...change, external_gateway_info } })
  await make('floatingip', { floating_network_id: outer.network.id, port_id: port.id, description: 'used' })
  await make('floatingip', { floating_network_id: outer.network.id, floating_ip_address: '203.0.113.77' })
  await put(`/routers/${router.id}/tags`, { tags: ['blue'] })
  await make('router', { name: 'r2' })
  const paths = ['/networks', '/subnets', '/ports', '/routers', '/floatingips', `/routers/${router.id}`]
  const answers = ({ send }: Pick<typeof old, 'send'>) =>
    Promise.all(paths.map(async (path) => (await send('GET', path)).body))
  const before = await answers(old)
  assert.deepEqual([before[3].routers.length, before[4].floatingips.length, before[5].router.routes], [2, 2, routes])
  await old[Symbol.asyncDispose]()
  const next = await startOvnProvider(t, server)
  assert.deepEqual(await answers(next), before)
  const taken = { floating_network_id: outer.network.id, floating_ip_address: '203.0.113.77' }
  assert.equal((await next.send('POST', '/floatingips', { floatingip: taken })).status, 409)
  const removal = { subnet_id: blue.subnet.id }
  const refused = await next.send('PUT', `/routers/${router.id}/remove_router_interface`, removal)
  assert.equal(refused.body.NeutronError.type, 'RouterInterfaceInUseByRoute')
  for (const { id } of before[4].floatingips)
    assert.equal((await next.send('DELETE', `/floatingips/${id}`)).status, 204)
  const maker = makerOf(next)
  await maker.put(`/routers/${router.id}`, { router: { routes: [] } })
  for (const { fixed_ips } of (await maker.get(`/ports?device_owner=network:router_interface`)).ports)
    await maker.put(`/routers/${router.id}/remove_router_interface`, { subnet_id: fixed_ips[0].subnet_id })
  assert.equal((await next.send('DELETE', `/routers/${router.id}`)).status, 204)
  for (const table of ['Logical_Router_Port', 'Logical_Router_Static_Route', 'NAT'])
    assert.equal(await nbctl(server, '--bare', '--columns=_uuid', 'list', table), '', table)
})

test('a router that ovn-nbctl makes is shown, connected further, and removed', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const provider = await startOvnProvider(t, server)
  const nb = (...args: string[]) => nbctl(server, ...args)
  const { id: network_id, subnetId } = await makeNetwork(provider)
  const other = await makeNetwork(provider, '10.2.0.0/24')
  await nb('lr-add', 'by-hand')
  await nb('lrp-add', 'by-hand', 'door', '02:00:00:00:00:01', '10.1.0.1/24')
  await nb('lsp-add', network_id, 'to-door', '--', 'lsp-set-type', 'to-door', 'router')
  await nb('lsp-set-addresses', 'to-door', 'router', '--', 'lsp-set-options', 'to-door', 'router-port=door')
  await nb('lr-route-add', 'by-hand', '10.9.0.0/16', '10.1.0.7')
  await nb('--policy=src-ip', 'lr-route-add', 'by-hand', '10.8.0.0/16', '10.1.0.7')
  await nb('lr-nat-add', 'by-hand', 'snat', '192.0.2.1', '10.1.0.0/24')
  const { routers } = await eventually(
    provider,
    '/routers?name=by-hand',
    (body) => body.routers[0]?.routes.length === 1,
  )
  const [router] = routers
  assert.deepEqual(
    [router.routes, router.external_gateway_info, router.revision_number],
    [[{ destination: '10.9.0.0/16', nexthop: '10.1.0.7' }], null, 0],
  )
  const { ports } = await eventually(provider, `/ports?device_id=${router.id}`, (body) => body.ports.length === 1)
  const address = { subnet_id: subnetId, ip_address: '10.1.0.1' }
  assert.deepEqual(
    [ports[0].device_owner, ports[0].mac_address, ports[0].fixed_ips],
    ['network:router_interface', '02:00:00:00:00:01', [address]],
  )
  await nb('set', 'Logical_Router_Port', 'door', 'networks=10.1.0.254/24')
  const path = `/ports/${ports[0].id}`
  await eventually(provider, path, (body) => body.port.fixed_ips[0].ip_address === '10.1.0.254')
  const { put } = makerOf(provider)
  await nb('set', 'Logical_Router_Port', 'door', 'ipv6_ra_configs:max_interval=60')
  await put(path, { port: { admin_state_up: false } })
  assert.equal(
    await nb('get', 'Logical_Router_Port', 'door', 'enabled', 'ipv6_ra_configs'),
    'false\n{max_interval="60"}',
  )
  await put(`/routers/${router.id}/add_router_interface`, { subnet_id: other.subnetId })
  const { router: changed } = await put(`/routers/${router.id}`, { router: { routes: [], admin_state_up: false } })
  assert.deepEqual([changed.routes, changed.revision_number], [[], 2])
  assert.match(await nb('lr-route-list', 'by-hand'), /10\.8\.0\.0\/16 +10\.1\.0\.7 src-ip/)
  assert.match(await nb('lr-nat-list', 'by-hand'), /192\.0\.2\.1/)
  for (const subnet_id of [subnetId, other.subnetId])
    await put(`/routers/${router.id}/remove_router_interface`, { subnet_id })
  assert.equal(await nb('lrp-list', 'by-hand'), '')
  assert.equal((await provider.send('DELETE', `/routers/${router.id}`)).status, 204)
  assert.equal(await nb('lr-list'), '')
})

/** As ovirt-provider-ovn leaves a router with a gateway: in columns and external_ids of these names. */
test('a router of ovirt-provider-ovn has its gateway, its default route is no route', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const provider = await startOvnProvider(t, server)
  const nb = (...args: string[]) => nbctl(server, ...args)
  const { id: network_id, subnetId } = await makeNetwork(provider)
  await nb('lr-add', 'r1')
  await nb('lsp-add', network_id, 'new')
  const lsp = await nb('--bare', '--columns=_uuid', 'find', 'Logical_Switch_Port', 'name=new')
  await nb('lrp-add', 'r1', `lrp${lsp}`, '02:00:00:00:00:01', '10.1.0.9/24')
  await nb('set', 'Logical_Switch_Port', lsp, `name=${lsp}`, 'type=router', `options:router-port=lrp${lsp}`)
  await nb(
    'set',
    'Logical_Switch_Port',
    lsp,
    'addresses=router',
    'external_ids:ovirt_device_owner=network:router_gateway',
  )
  await nb('set', 'Logical_Router', 'r1', `external_ids:ovirt_gateway_port=${lsp}`)
  await nb('lr-route-add', 'r1', '0.0.0.0/0', '10.1.0.1')
  const { routers } = await eventually(provider, '/routers', ({ routers: [router] }) => router?.external_gateway_info)
  assert.deepEqual(
    [routers[0].external_gateway_info, routers[0].routes],
    [{ network_id, enable_snat: false, external_fixed_ips: [{ subnet_id: subnetId, ip_address: '10.1.0.9' }] }, []],
  )
  assert.equal((await provider.send('DELETE', `/ports/${lsp}`)).body.NeutronError.type, 'ServicePortInUse')
  const { put } = makerOf(provider)
  await put(`/routers/${routers[0].id}`, { router: { external_gateway_info: null } })
  assert.equal(await nb('lr-route-list', 'r1'), '')
  assert.deepEqual((await provider.send('GET', '/ports')).body, { ports: [] })
})

test('a port and a router that others remove leave floating IPs that can be given again', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const routed = await startRouted(t, { ovn: { remotes: [server.remote], tls: undefined } })
  const { outer, red, router, port, make, put, get, send } = routed
  const { id } = await make('floatingip', { floating_network_id: outer.network.id, port_id: port.id })
  const isFree = (body: any) => body.floatingip.port_id === null && body.floatingip.status === 'DOWN'
  await nbctl(server, 'lsp-del', port.id)
  await eventually(routed, `/floatingips/${id}`, isFree)
  const other = await make('port', { network_id: red.network.id })
  await put(`/floatingips/${id}`, { floatingip: { port_id: other.id } })
  await nbctl(server, 'lr-del', router.id)
  const { floatingip } = await eventually(routed, `/floatingips/${id}`, isFree)
  assert.equal(floatingip.router_id, null)
  const next = await startOvnProvider(t, server)
  assert.ok(isFree((await next.send('GET', `/floatingips/${id}`)).body))
  assert.deepEqual((await get('/ports?device_owner=network:router_interface')).ports, [])
  assert.equal((await send('DELETE', `/floatingips/${id}`)).status, 204)
})

async function startTwo(t: TestContext) {
  const server = await startOvsdbServer(t)
  const a = await startRouted(t, { ovn: { remotes: [server.remote], tls: undefined } })
  const b = await startOvnProvider(t, server)
  await eventually(b, `/ports/${a.port.id}`, (_, status) => status === 200)
  return { server, a, b, either: (index: number) => (index % 2 ? a : b) }
}

const faultOf = ({ status, body }: { status: number; body: any }) =>
  `${status} ${body?.NeutronError?.type ?? ''}`.trim()

test('of subnets that overlap, one is connected; of two gateways, one', { skip }, async (t) => {
  const { a, b, either } = await startTwo(t)
  const router = await a.make('router')
  const places = await Promise.all(range(6).map(() => a.place('10.7.0.0/24')))
  for (const { subnet } of places) await eventually(b, `/subnets/${subnet.id}`, (_, status) => status === 200)
  await eventually(b, `/routers/${router.id}`, (_, status) => status === 200)
  const path = `/routers/${router.id}/add_router_interface`
  const answers = await Promise.all(
    places.map(({ subnet }, index) => either(index).send('PUT', path, { subnet_id: subnet.id })),
  )
  assert.deepEqual(answers.map(faultOf).sort(), ['200', ...range(5).map(() => '400 BadRequest')])
  const info = { external_gateway_info: { network_id: a.outer.network.id } }
  const gateways = await Promise.all(
    range(6).map((index) => either(index).send('PUT', `/routers/${router.id}`, { router: info })),
  )
  for (const { status, body } of gateways) assert.equal(status, 200, JSON.stringify(body))
  for (const provider of [a, b]) {
    const isOne = ({ ports }: any) => ports.length === 2
    await eventually(provider, `/ports?device_id=${router.id}`, isOne)
  }
})

test('of floating IPs for one port, one is given; with the port that goes, none is', { skip }, async (t) => {
  const { server, a, b, either } = await startTwo(t)
  const floating_network_id = a.outer.network.id
  const floating = await Promise.all(range(6).map(() => a.make('floatingip', { floating_network_id })))
  for (const { id } of floating) await eventually(b, `/floatingips/${id}`, (_, status) => status === 200)
  const give = (provider: Pick<typeof a, 'send'>, id: string, port_id: string) =>
    provider.send('PUT', `/floatingips/${id}`, { floatingip: { port_id } })
  const answers = await Promise.all(floating.map(({ id }, index) => give(either(index), id, a.port.id)))
  const second = '409 FloatingIPPortAlreadyAssociated'
  assert.deepEqual(answers.map(faultOf).sort(), ['200', ...range(5).map(() => second)])
  const free = floating.find((_, index) => answers[index]!.status !== 200)!
  const outcomes = new Set<string>()
  for (const round of range(12)) {
    const port = await makePort(a, a.red.network.id)
    await eventually(b, `/ports/${port.id}`, (_, status) => status === 200)
    const [given, removed] = await Promise.all([give(b, free.id, port.id), a.send('DELETE', `/ports/${port.id}`)])
    assert.equal(removed.status, 204, `round ${round}`)
    assert.match(faultOf(given), /^(200|404 PortNotFound)$/, `round ${round}`)
    outcomes.add(faultOf(given))
    for (const provider of [a, b])
      await eventually(provider, `/floatingips/${free.id}`, (body) => body.floatingip.port_id === null)
  }
  const translations = await nbctl(server, '--bare', '--columns=_uuid', 'find', 'NAT', 'type=dnat_and_snat')
  assert.equal(translations.split('\n').length, 1, [...outcomes].join())
})
