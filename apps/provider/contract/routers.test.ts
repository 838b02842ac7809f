// Routers: what they are made of, and what their ports, gateways and routes do to the networks that they connect.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'
import { makerOf, startRouted } from '../testing/test-routers.ts'

const ipsOf = ({ fixed_ips }: any) => fixed_ips.map(({ ip_address }: any) => ip_address)

test('a router is made with defaults, changed, listed and deleted', async (t) => {
  const provider = await startTestProvider(t)
  const { make, get, put } = makerOf(provider)
  const made = await make('router', { name: 'r1', project_id: 'p' })
  const { id, created_at, updated_at, ...rest } = made
  assert.deepEqual(rest, {
    name: 'r1',
    description: '',
    tenant_id: 'p',
    project_id: 'p',
    admin_state_up: true,
    status: 'ACTIVE',
    external_gateway_info: null,
    routes: [],
    tags: [],
    revision_number: 1,
  })
  const { router } = await put(`/routers/${id}`, {
    router: { name: 'r2', description: 'of tests', admin_state_up: false },
  })
  assert.deepEqual(
    [router.name, router.description, router.admin_state_up, router.revision_number],
    ['r2', 'of tests', false, 2],
  )
  assert.equal(router.created_at, created_at)
  await make('router', { name: 'other' })
  assert.deepEqual(await get('/routers?name=r2'), { routers: [router] })
  assert.deepEqual((await get('/routers?sort_key=name&fields=name&admin_state_up=true')).routers, [{ name: 'other' }])
  assert.deepEqual((await get('/routers?sort_key=name&limit=1')).routers.length, 1)
  const stale = await provider.send('DELETE', `/routers/${id}`, undefined, { 'if-match': 'revision_number=1' })
  assert.equal(stale.status, 412)
  assert.equal((await provider.send('PUT', `/routers/${id}/tags/blue`)).status, 201)
  assert.deepEqual((await get('/routers?tags=blue')).routers.length, 1)
  assert.equal((await provider.send('DELETE', `/routers/${id}`)).status, 204)
  assert.deepEqual((await get('/routers?name=r2')).routers, [])
})

test('an interface by subnet is a port with the gateway address; the answer names it', async (t) => {
  const { router, red, redInterface, get, put } = await startRouted(t)
  const { port } = await get(`/ports/${redInterface.port_id}`)
  assert.deepEqual(redInterface, {
    id: router.id,
    tenant_id: router.tenant_id,
    project_id: router.project_id,
    port_id: port.id,
    network_id: red.network.id,
    subnet_id: red.subnet.id,
    subnet_ids: [red.subnet.id],
  })
  assert.deepEqual(
    [port.device_id, port.device_owner, port.fixed_ips],
    [router.id, 'network:router_interface', [{ subnet_id: red.subnet.id, ip_address: '10.1.0.1' }]],
  )
  assert.deepEqual([port.port_security_enabled, port.security_groups], [false, []])
  const list = await get(`/ports?device_id=${router.id}&device_owner=network:router_interface`)
  assert.equal(list.ports.length, 2)
  const removed = await put(`/routers/${router.id}/remove_router_interface`, { subnet_id: red.subnet.id })
  assert.deepEqual(removed, redInterface)
  assert.deepEqual((await get(`/ports?device_id=${router.id}&network_id=${red.network.id}`)).ports, [])
})

test('an interface by port keeps the address of the port, and goes with it', async (t) => {
  const { router, blue, put, get, make, send } = await startRouted(t)
  const other = await make('router')
  const fixed_ips = [{ ip_address: '10.2.0.77' }]
  const port = await make('port', { network_id: blue.network.id, fixed_ips })
  const path = `/routers/${other.id}`
  const answer = await put(`${path}/add_router_interface`, { port_id: port.id })
  assert.deepEqual([answer.port_id, answer.subnet_id], [port.id, blue.subnet.id])
  const { port: now } = await get(`/ports/${port.id}`)
  assert.deepEqual([now.device_id, now.device_owner, ipsOf(now)], [other.id, 'network:router_interface', ['10.2.0.77']])
  const both = { port_id: port.id, subnet_id: blue.subnet.id }
  assert.equal((await put(`${path}/remove_router_interface`, both)).port_id, port.id)
  assert.equal((await send('GET', `/ports/${port.id}`)).status, 404)
  assert.equal((await send('DELETE', path)).status, 204)
  assert.equal((await get(`/ports?device_id=${router.id}`)).ports.length, 3)
})

test('a gateway is a port on the external network that no project owns', async (t) => {
  const { router, outer, get, put, send } = await startRouted(t)
  const gatewayPort = async () => (await get('/ports?device_owner=network:router_gateway')).ports[0]
  const first = await gatewayPort()
  assert.deepEqual([first.device_id, first.network_id, first.project_id], [router.id, outer.network.id, ''])
  assert.deepEqual(router.external_gateway_info, {
    network_id: outer.network.id,
    enable_snat: true,
    external_fixed_ips: first.fixed_ips,
  })
  const set = async (info: object | null) =>
    (await put(`/routers/${router.id}`, { router: { external_gateway_info: info } })).router.external_gateway_info
  const { id: network_id } = outer.network
  assert.deepEqual(await set({ network_id, enable_snat: false }), {
    ...router.external_gateway_info,
    enable_snat: false,
  })
  const moved = await set({ network_id, external_fixed_ips: [{ ip_address: '203.0.113.77' }] })
  assert.deepEqual(
    [moved.enable_snat, moved.external_fixed_ips],
    [true, [{ subnet_id: outer.subnet.id, ip_address: '203.0.113.77' }]],
  )
  assert.equal((await gatewayPort()).id, first.id)
  assert.deepEqual((await get('/routers')).routers[0].external_gateway_info, moved)
  assert.equal(await set({}), null)
  assert.equal(await gatewayPort(), undefined)
  assert.equal((await set({ network_id })).network_id, network_id)
  assert.equal(await set(null), null)
  assert.equal((await send('GET', `/ports/${first.id}`)).status, 404)
})

test('a router without interfaces takes its gateway with it', async (t) => {
  const provider = await startTestProvider(t)
  const { make, place, get } = makerOf(provider)
  const { network } = await place('203.0.113.0/29', { 'router:external': true })
  const { id } = await make('router', { external_gateway_info: { network_id: network.id } })
  assert.equal((await get('/ports')).ports.length, 1)
  assert.equal((await provider.send('DELETE', `/routers/${id}`)).status, 204)
  assert.deepEqual((await get('/ports')).ports, [])
})

test('routes are replaced as a whole; what stays comes first', async (t) => {
  const { router, put } = await startRouted(t)
  const set = async (...routes: object[]) => (await put(`/routers/${router.id}`, { router: { routes } })).router.routes
  const a = { destination: '10.9.0.0/16', nexthop: '10.1.0.7' }
  const b = { destination: '10.8.0.0/16', nexthop: '10.2.0.7' }
  const c = { destination: '0.0.0.0/0', nexthop: '203.0.113.9' }
  assert.deepEqual(await set(a, b), [a, b])
  assert.deepEqual(await set(c, b), [b, c])
  assert.deepEqual(await set(), [])
})

test('external networks are marked, filtered for, and become internal again when they are not used', async (t) => {
  const { outer, red, router, get, put, send } = await startRouted(t)
  assert.deepEqual(
    (await get('/networks?router:external=true')).networks.map(({ id }: any) => id),
    [outer.network.id],
  )
  const internal = { network: { 'router:external': false } }
  assert.equal((await send('PUT', `/networks/${outer.network.id}`, internal)).status, 409)
  await put(`/routers/${router.id}`, { router: { external_gateway_info: null } })
  assert.equal((await put(`/networks/${outer.network.id}`, internal)).network['router:external'], false)
  const external = { network: { 'router:external': true } }
  assert.equal((await put(`/networks/${red.network.id}`, external)).network['router:external'], true)
})

const unknown = '00000000-0000-4000-8000-000000000000'

type Refusal = readonly [
  title: string,
  method: string,
  path: string,
  body: unknown,
  status: number,
  type: string,
  text: RegExp,
]

test('what cannot be is refused in the words of Neutron, and changes nothing', async (t) => {
  const routed = await startRouted(t)
  const { router, red, blue, outer, redInterface, port, make, place, put, get } = routed
  const overlapping = await place('10.1.0.0/25')
  const bare = await place('10.3.0.0/24', {}, { gateway_ip: null })
  const noAddress = await make('port', { network_id: red.network.id, fixed_ips: [] })
  const used = await make('port', { network_id: blue.network.id, device_id: 'vm1' })
  await put(`/routers/${router.id}`, { router: { routes: [{ destination: '10.9.0.0/16', nexthop: '10.2.0.7' }] } })
  const gateway = (await get('/ports?device_owner=network:router_gateway')).ports[0]
  const path = `/routers/${router.id}`
  const add = (title: string, body: unknown, status: number, type: string, text: RegExp): Refusal => [
    title,
    'PUT',
    `${path}/add_router_interface`,
    body,
    status,
    type,
    text,
  ]
  const remove = (title: string, body: unknown, status: number, type: string, text: RegExp): Refusal => [
    title,
    'PUT',
    `${path}/remove_router_interface`,
    body,
    status,
    type,
    text,
  ]
  const set = (title: string, change: object, status: number, type: string, text: RegExp): Refusal => [
    title,
    'PUT',
    path,
    { router: change },
    status,
    type,
    text,
  ]
  const route = (destination: string, nexthop: string) => ({ routes: [{ destination, nexthop }] })
  const routes31 = Array.from({ length: 31 }, (_, at) => ({ destination: `10.${at + 10}.0.0/16`, nexthop: '10.1.0.7' }))
  const info = (more: object) => ({ external_gateway_info: { network_id: outer.network.id, ...more } })
  const rows: readonly Refusal[] = [
    ['unknown router', 'GET', `/routers/${unknown}`, undefined, 404, 'RouterNotFound', /could not be found/],
    ['unknown router: delete', 'DELETE', `/routers/${unknown}`, undefined, 404, 'RouterNotFound', /could not be/],
    [
      'unknown router: interface',
      'PUT',
      `/routers/${unknown}/add_router_interface`,
      { subnet_id: unknown },
      404,
      'RouterNotFound',
      /could/,
    ],
    [
      'routes at creation',
      'POST',
      '/routers',
      { router: { routes: [] } },
      400,
      'HTTPBadRequest',
      /'routes' not allowed in POST/,
    ],
    ['in use', 'DELETE', path, undefined, 409, 'RouterInUse', /has ports still attached: /],
    add('nothing', {}, 400, 'BadRequest', /Either subnet_id or port_id must be specified/),
    add('no body', undefined, 400, 'BadRequest', /Either subnet_id or port_id must be specified/),
    add('both', { subnet_id: bare.subnet.id, port_id: port.id }, 400, 'BadRequest', /Cannot specify both/),
    add('no uuid', { subnet_id: 'abc' }, 400, 'BadRequest', /'abc' is not a valid UUID/),
    add('unknown subnet', { subnet_id: unknown }, 404, 'SubnetNotFound', /Subnet/),
    add('unknown port', { port_id: unknown }, 404, 'PortNotFound', /Port/),
    add('twice', { subnet_id: red.subnet.id }, 400, 'BadRequest', /Router already has a port on subnet/),
    add('of the gateway', { subnet_id: outer.subnet.id }, 400, 'BadRequest', /Router already has a port on subnet/),
    add('no gateway address', { subnet_id: bare.subnet.id }, 400, 'BadRequest', /must have a gateway IP/),
    add(
      'overlap',
      { subnet_id: overlapping.subnet.id },
      400,
      'BadRequest',
      /Cidr 10\.1\.0\.0\/25 of .* overlaps with cidr 10\.1\.0\.0\/24/,
    ),
    add('port in use', { port_id: used.id }, 409, 'PortInUse', /already has an attached device vm1/),
    add('port without address', { port_id: noAddress.id }, 400, 'BadRequest', /at least one fixed IP/),
    add('port in a connected subnet', { port_id: port.id }, 400, 'BadRequest', /Router already has a port on subnet/),
    remove('nothing', {}, 400, 'BadRequest', /Either subnet_id or port_id/),
    remove(
      'not connected',
      { subnet_id: bare.subnet.id },
      404,
      'RouterInterfaceNotFoundForSubnet',
      /has no interface on subnet/,
    ),
    remove('no interface', { port_id: port.id }, 404, 'RouterInterfaceNotFound', /does not have an interface with id/),
    remove(
      'the gateway',
      { port_id: gateway.id },
      404,
      'RouterInterfaceNotFound',
      /does not have an interface with id/,
    ),
    remove(
      'another subnet',
      { port_id: redInterface.port_id, subnet_id: blue.subnet.id },
      400,
      'SubnetMismatchForPort',
      /does not match/,
    ),
    remove(
      'needed by a route',
      { subnet_id: blue.subnet.id },
      409,
      'RouterInterfaceInUseByRoute',
      /required by one or more routes/,
    ),
    set(
      'internal gateway',
      { external_gateway_info: { network_id: red.network.id } },
      400,
      'BadRequest',
      /is not an external network/,
    ),
    set('unknown gateway', { external_gateway_info: { network_id: unknown } }, 404, 'NetworkNotFound', /Network/),
    set('no gateway', { external_gateway_info: { enable_snat: true } }, 400, 'HTTPBadRequest', /network_id/),
    set(
      'gateway of the subnet',
      info({ external_fixed_ips: [{ ip_address: '203.0.113.1' }] }),
      400,
      'BadRequest',
      /is the same as the gateway IP/,
    ),
    set(
      'address of nobody',
      info({ external_fixed_ips: [{ ip_address: '10.1.0.9' }] }),
      400,
      'InvalidIpForNetwork',
      /not a valid IP/,
    ),
    set(
      'route into the void',
      route('10.7.0.0/16', '10.3.0.7'),
      400,
      'InvalidRoutes',
      /the nexthop is not connected with router/,
    ),
    set('route to itself', route('10.7.0.0/16', '10.1.0.1'), 400, 'InvalidRoutes', /the nexthop is used by router/),
    set('route of another version', route('fd00::/64', '10.1.0.7'), 400, 'InvalidRoutes', /another IP version/),
    set(
      'route without next hop',
      { routes: [{ destination: '10.7.0.0/16' }] },
      400,
      'HTTPBadRequest',
      /Invalid data format for hostroute/,
    ),
    set('many routes', { routes: routes31 }, 400, 'RoutesExhausted', /exceeds the maximum 30/),
    set('status', { status: 'DOWN' }, 400, 'HTTPBadRequest', /Cannot update read-only attribute status/),
    [
      'port of a router',
      'DELETE',
      `/ports/${redInterface.port_id}`,
      undefined,
      409,
      'ServicePortInUse',
      /has device owner network:router_interface/,
    ],
    [
      'port of a gateway',
      'DELETE',
      `/ports/${gateway.id}`,
      undefined,
      409,
      'ServicePortInUse',
      /network:router_gateway/,
    ],
    [
      'address of a router',
      'PUT',
      `/ports/${redInterface.port_id}`,
      { port: { fixed_ips: [] } },
      400,
      'BadRequest',
      /IP updates for port .* are not allowed/,
    ],
    [
      'a port that says it is a router',
      'POST',
      '/ports',
      { port: { network_id: red.network.id, device_owner: 'network:router_interface' } },
      400,
      'BadRequest',
      /come with routers/,
    ],
    [
      'a port that becomes a router',
      'PUT',
      `/ports/${port.id}`,
      { port: { device_owner: 'network:router_gateway' } },
      400,
      'BadRequest',
      /come with routers/,
    ],
    [
      'subnet of a router',
      'DELETE',
      `/subnets/${red.subnet.id}`,
      undefined,
      409,
      'SubnetInUse',
      /IP allocation from this subnet/,
    ],
    [
      'gateway of a routed subnet',
      'PUT',
      `/subnets/${red.subnet.id}`,
      { subnet: { gateway_ip: '10.1.0.254' } },
      409,
      'GatewayIpInUse',
      /already in use by port/,
    ],
    [
      'network of a router',
      'DELETE',
      `/networks/${red.network.id}`,
      undefined,
      409,
      'NetworkInUse',
      /ports still in use/,
    ],
    [
      'external network of a gateway',
      'PUT',
      `/networks/${outer.network.id}`,
      { network: { 'router:external': false } },
      409,
      'ExternalNetworkInUse',
      /has existing gateway ports/,
    ],
  ]
  const state = () => Promise.all(['/networks', '/subnets', '/ports', '/routers'].map(get))
  const before = await state()
  for (const [title, method, url, body, status, type, text] of rows)
    await t.test(title, async () => {
      const answer = await routed.send(method, url, body)
      assert.deepEqual([answer.status, answer.body.NeutronError?.type], [status, type], JSON.stringify(answer.body))
      assert.match(answer.body.NeutronError.message, text)
      assert.deepEqual(await state(), before, 'nothing changed')
    })
})
