// Floating IPs: addresses of an external network that stand for ports behind a router.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRouted } from '../testing/test-routers.ts'

const unknown = '00000000-0000-4000-8000-000000000000'
const addressOf = ({ fixed_ips }: any) => fixed_ips[0].ip_address

test('a floating IP is an address of the external network that nobody else gets', async (t) => {
  const { outer, make, get, send } = await startRouted(t)
  const floating_network_id = outer.network.id
  const made = await make('floatingip', { floating_network_id, description: 'of tests', project_id: 'p' })
  const { id, floating_ip_address, created_at, updated_at, ...rest } = made
  assert.match(floating_ip_address, /^203\.0\.113\.\d+$/)
  assert.deepEqual(rest, {
    description: 'of tests',
    tenant_id: 'p',
    project_id: 'p',
    floating_network_id,
    port_id: null,
    fixed_ip_address: null,
    router_id: null,
    status: 'DOWN',
    tags: [],
    revision_number: 1,
  })
  const chosen = await make('floatingip', { floating_network_id, floating_ip_address: '203.0.113.99' })
  assert.equal(chosen.floating_ip_address, '203.0.113.99')
  const ofSubnet = await make('floatingip', { floating_network_id, subnet_id: outer.subnet.id })
  assert.ok(!('subnet_id' in ofSubnet))
  const { ports } = await get('/ports?device_owner=network:floatingip&fixed_ips=ip_address=203.0.113.99')
  assert.deepEqual([ports.length, ports[0].project_id, ports[0].network_id], [1, '', floating_network_id])
  const again = { floatingip: { floating_network_id, floating_ip_address: '203.0.113.99' } }
  assert.equal((await send('POST', '/floatingips', again)).body.NeutronError.type, 'IpAddressAlreadyAllocated')
  assert.deepEqual((await get('/floatingips?floating_ip_address=203.0.113.99')).floatingips, [chosen])
  assert.equal((await get('/floatingips')).floatingips.length, 3)
  assert.equal((await send('DELETE', `/floatingips/${chosen.id}`)).status, 204)
  assert.equal((await send('POST', '/floatingips', again)).status, 201)
  assert.equal((await get('/ports?device_owner=network:floatingip')).ports.length, 3)
})

test('it is given to a port, moved to another, and taken away', async (t) => {
  const { outer, red, blue, router, port, make, put, get } = await startRouted(t)
  const floating = await make('floatingip', { floating_network_id: outer.network.id, port_id: port.id })
  const association = ({ port_id, fixed_ip_address, router_id, status }: any) => [
    port_id,
    fixed_ip_address,
    router_id,
    status,
  ]
  assert.deepEqual(association(floating), [port.id, addressOf(port), router.id, 'ACTIVE'])
  const path = `/floatingips/${floating.id}`
  const set = async (change: object) => (await put(path, { floatingip: change })).floatingip
  assert.deepEqual(association(await set({ description: 'changed' })), association(floating))
  const other = await make('port', {
    network_id: blue.network.id,
    fixed_ips: [{ ip_address: '10.2.0.5' }, { ip_address: '10.2.0.6' }],
  })
  const moved = await set({ port_id: other.id, fixed_ip_address: '10.2.0.6' })
  assert.deepEqual(association(moved), [other.id, '10.2.0.6', router.id, 'ACTIVE'])
  assert.deepEqual(association(await set({ fixed_ip_address: '10.2.0.5' })), [
    other.id,
    '10.2.0.5',
    router.id,
    'ACTIVE',
  ])
  assert.deepEqual((await get(`/floatingips?port_id=${other.id}`)).floatingips.length, 1)
  assert.deepEqual((await get(`/floatingips?router_id=${router.id}&status=ACTIVE`)).floatingips.length, 1)
  const taken = await set({ port_id: null })
  assert.deepEqual(association(taken), [null, null, null, 'DOWN'])
  assert.equal(taken.revision_number, 5)
  assert.deepEqual((await get(`/floatingips/${floating.id}`)).floatingip, taken)
  assert.equal((await get(`/ports?network_id=${red.network.id}`)).ports.length, 2)
})

test('a port that goes leaves its floating IP', async (t) => {
  const { outer, port, make, get, send } = await startRouted(t)
  const { id } = await make('floatingip', { floating_network_id: outer.network.id, port_id: port.id })
  assert.equal((await send('DELETE', `/ports/${port.id}`)).status, 204)
  const { floatingip } = await get(`/floatingips/${id}`)
  assert.deepEqual(
    [floatingip.port_id, floatingip.router_id, floatingip.status, floatingip.revision_number],
    [null, null, 'DOWN', 2],
  )
})

test('of two routers, the one that is the gateway of the subnet translates', async (t) => {
  const { outer, red, router, port, make, put } = await startRouted(t)
  const second = await make('router', { external_gateway_info: { network_id: outer.network.id } })
  const door = await make('port', { network_id: red.network.id, fixed_ips: [{ ip_address: '10.1.0.200' }] })
  await put(`/routers/${second.id}/add_router_interface`, { port_id: door.id })
  const floating_network_id = outer.network.id
  assert.equal((await make('floatingip', { floating_network_id, port_id: port.id })).router_id, router.id)
})

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
  const { outer, red, router, port, make, place, get, send } = await startRouted(t)
  const floating_network_id = outer.network.id
  const floating = await make('floatingip', { floating_network_id, port_id: port.id })
  const free = await make('floatingip', { floating_network_id })
  const several = await make('port', {
    network_id: red.network.id,
    fixed_ips: [{ ip_address: '10.1.0.50' }, { ip_address: '10.1.0.51' }],
  })
  const none = await make('port', { network_id: red.network.id, fixed_ips: [] })
  const lonely = await place('10.7.0.0/24')
  const unrouted = await make('port', { network_id: lonely.network.id })
  const empty = await make('network', { 'router:external': true })
  await make('subnet', { network_id: floating_network_id, ip_version: 6, cidr: '2001:db8::/64' })
  const gateway = (await get('/ports?device_owner=network:router_gateway')).ports[0]
  const create = (title: string, wish: object, status: number, type: string, text: RegExp): Refusal => [
    title,
    'POST',
    '/floatingips',
    { floatingip: { floating_network_id, ...wish } },
    status,
    type,
    text,
  ]
  const set = (title: string, change: object, status: number, type: string, text: RegExp): Refusal => [
    title,
    'PUT',
    `/floatingips/${free.id}`,
    { floatingip: change },
    status,
    type,
    text,
  ]
  const rows: readonly Refusal[] = [
    ['unknown', 'GET', `/floatingips/${unknown}`, undefined, 404, 'FloatingIPNotFound', /could not be found/],
    ['unknown: delete', 'DELETE', `/floatingips/${unknown}`, undefined, 404, 'FloatingIPNotFound', /could not be/],
    create(
      'no network',
      { floating_network_id: undefined },
      400,
      'HTTPBadRequest',
      /'floating_network_id' not specified/,
    ),
    create('unknown network', { floating_network_id: unknown }, 404, 'NetworkNotFound', /Network/),
    create(
      'internal network',
      { floating_network_id: red.network.id },
      400,
      'BadRequest',
      /is not a valid external network/,
    ),
    create(
      'network without IPv4',
      { floating_network_id: empty.id },
      400,
      'BadRequest',
      /does not contain any IPv4 subnet/,
    ),
    create('unknown subnet', { subnet_id: unknown }, 404, 'SubnetNotFound', /Subnet/),
    create(
      'address of another network',
      { floating_ip_address: '10.1.0.9' },
      400,
      'InvalidIpForNetwork',
      /not a valid IP/,
    ),
    create(
      'address of IPv6 of its own',
      { floating_ip_address: '2001:db8::9' },
      400,
      'ExternalIpAddressExhausted',
      /Unable to find any IP address on external network/,
    ),
    create(
      'address in use',
      { floating_ip_address: free.floating_ip_address },
      409,
      'IpAddressAlreadyAllocated',
      /already allocated/,
    ),
    create(
      'port without router',
      { port_id: unrouted.id },
      404,
      'ExternalGatewayForFloatingIPNotFound',
      /is not reachable from subnet/,
    ),
    create(
      'port with one',
      { port_id: port.id },
      409,
      'FloatingIPPortAlreadyAssociated',
      /already has a floating IP on external network/,
    ),
    set('port with one', { port_id: port.id }, 409, 'FloatingIPPortAlreadyAssociated', /already has a floating IP/),
    set('unknown port', { port_id: unknown }, 404, 'PortNotFound', /Port/),
    set('port of a router', { port_id: gateway.id }, 400, 'BadRequest', /unable to be assigned a floating IP/),
    set('port without address', { port_id: none.id }, 400, 'BadRequest', /no fixed IPv4 addresses/),
    set('one of several addresses', { port_id: several.id }, 400, 'BadRequest', /multiple fixed IPv4 addresses/),
    set(
      'address of another port',
      { port_id: several.id, fixed_ip_address: '10.1.0.52' },
      400,
      'BadRequest',
      /does not have fixed ip 10\.1\.0\.52/,
    ),
    set(
      'address of IPv6',
      { port_id: several.id, fixed_ip_address: 'fd00::1' },
      400,
      'BadRequest',
      /not an IPv4 address/,
    ),
    set(
      'address without port',
      { fixed_ip_address: '10.1.0.50' },
      400,
      'BadRequest',
      /cannot be specified without a port_id/,
    ),
    set(
      'another address',
      { floating_ip_address: '203.0.113.9' },
      400,
      'HTTPBadRequest',
      /Cannot update read-only attribute/,
    ),
    ['port of a floating IP', 'DELETE', `/ports/${free.id}`, undefined, 409, 'ServicePortInUse', /network:floatingip/],
    [
      'address of its port',
      'PUT',
      `/ports/${port.id}`,
      { port: { fixed_ips: [] } },
      400,
      'BadRequest',
      /associated to a floating ip/,
    ],
    [
      'interface of its router',
      'PUT',
      `/routers/${router.id}/remove_router_interface`,
      { subnet_id: red.subnet.id },
      409,
      'RouterInterfaceInUseByFloatingIP',
      /required by one or more floating IPs/,
    ],
    [
      'gateway of its router',
      'PUT',
      `/routers/${router.id}`,
      { router: { external_gateway_info: null } },
      409,
      'RouterExternalGatewayInUseByFloatingIp',
      /required by one or more floating IPs/,
    ],
    [
      'revision',
      'PUT',
      `/floatingips/${floating.id}`,
      { floatingip: { bogus: 1 } },
      400,
      'HTTPBadRequest',
      /Unrecognized attribute/,
    ],
  ]
  const state = () => Promise.all(['/networks', '/subnets', '/ports', '/routers', '/floatingips'].map(get))
  const before = await state()
  for (const [title, method, url, body, status, type, text] of rows)
    await t.test(title, async () => {
      const answer = await send(method, url, body)
      assert.deepEqual([answer.status, answer.body.NeutronError?.type], [status, type], JSON.stringify(answer.body))
      assert.match(answer.body.NeutronError.message, text)
      assert.deepEqual(await state(), before, 'nothing changed')
    })
})
