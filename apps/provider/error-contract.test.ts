// The error contract: status and type of Neutron for every kind of bad request, and nothing changed by any of them.
// The rows are those of the measured table of existing providers ("Error contract", column Neutron). Where Patchbay
// answers otherwise, the row says what Neutron does. Requests that are no proper HTTP: see bad-http.test.ts.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider, type TestProvider } from './test-provider.ts'

const unknown = '00000000-0000-4000-8000-000000000000'
const mac = '02:19:34:00:00:01'

type Refusal = readonly [
  title: string,
  request: readonly [method: string, path: string, body?: unknown],
  status: number,
  type: string,
  message: string | RegExp,
]

/** A network with a subnet and two ports, and an empty network. */
async function startFilled(t: TestContext) {
  const provider = await startTestProvider(t)
  const make = async (singular: string, attributes: object) => {
    const { status, body } = await provider.send('POST', `/${singular}s`, { [singular]: attributes })
    assert.equal(status, 201, JSON.stringify(body))
    return body[singular]
  }
  const network = await make('network', { name: 'blue', 'provider:segmentation_id': 4242 })
  const empty = await make('network', { name: 'empty' })
  const subnet = await make('subnet', { network_id: network.id, ip_version: 4, cidr: '10.77.0.0/24' })
  const address = { subnet_id: subnet.id, ip_address: '10.77.0.20' }
  const device = { device_id: unknown, device_owner: 'oVirt' }
  const p1 = await make('port', {
    network_id: network.id,
    name: 'p1',
    mac_address: mac,
    fixed_ips: [address],
    ...device,
  })
  const p2 = await make('port', { network_id: network.id, name: 'p2', admin_state_up: false, security_groups: null })
  return { ...provider, make, network, empty, subnet, p1, p2 }
}

type Filled = Awaited<ReturnType<typeof startFilled>>

const stateOf = ({ send }: TestProvider) =>
  Promise.all(['/networks', '/subnets', '/ports'].map(async (path) => (await send('GET', path)).body))

async function check(t: TestContext, provider: Filled, rows: readonly Refusal[]): Promise<void> {
  const before = await stateOf(provider)
  for (const [title, [method, path, body], status, type, message] of rows)
    await t.test(title, async () => {
      const answer = await provider.send(method, path, body)
      assert.deepEqual([answer.status, answer.body.NeutronError?.type], [status, type], JSON.stringify(answer.body))
      assert.deepEqual(Object.keys(answer.body), ['NeutronError'])
      assert.deepEqual(Object.keys(answer.body.NeutronError), ['type', 'message', 'detail'])
      assert.equal(answer.body.NeutronError.detail, '')
      assert.match(answer.headers.get('content-type')!, /^application\/json/)
      if (typeof message === 'string') assert.equal(answer.body.NeutronError.message, message)
      else assert.match(answer.body.NeutronError.message, message)
      assert.deepEqual(await stateOf(provider), before, 'nothing changed')
    })
}

const bad = (attribute: string, reason: string) => `Invalid input for ${attribute}. Reason: ${reason}.`
const impossible = (reason: string) => `Invalid input for operation: ${reason}.`
const notFound = (what: string, id: string) => `${what} ${id} could not be found.`

test('a request for a network that cannot be is refused', async (t) => {
  const provider = await startFilled(t)
  const refused = (title: string, body: unknown, type: string, message: string | RegExp, status = 400): Refusal => [
    title,
    ['POST', '/networks', body],
    status,
    type,
    message,
  ]
  const network = (title: string, attributes: object, type: string, message: string | RegExp, status?: number) =>
    refused(title, { network: attributes }, type, message, status)
  const unwrapped = "Unable to find 'network' in request body"
  await check(t, provider, [
    refused('malformed JSON', '{"network": {', 'HTTPBadRequest', 'Body contains invalid data'),
    refused('empty body', '', 'HTTPBadRequest', unwrapped),
    refused('body {}', {}, 'HTTPBadRequest', unwrapped),
    refused('wrong root key', { net: {} }, 'HTTPBadRequest', unwrapped),
    refused('root string', { network: 'x' }, 'HTTPBadRequest', "Object 'network' contains invalid data"),
    refused('body is an array', [{}], 'HTTPBadRequest', 'Body contains invalid data'),
    refused('body is a number', '5', 'HTTPBadRequest', 'Body contains invalid data'),
    refused('deep nesting', '['.repeat(100_000), 'HTTPBadRequest', 'Body contains invalid data'),
    network('unknown attribute', { bogus: 1 }, 'HTTPBadRequest', "Unrecognized attribute(s) 'bogus'"),
    network('client-supplied id', { id: unknown }, 'HTTPBadRequest', "Attribute 'id' not allowed in POST"),
    network('client-supplied status', { status: 'ACTIVE' }, 'HTTPBadRequest', "Attribute 'status' not allowed in POST"),
    network('name is a number', { name: 123 }, 'HTTPBadRequest', bad('name', "'123' is not a valid string")),
    network(
      'name of 300 characters',
      { name: 'x'.repeat(300) },
      'HTTPBadRequest',
      /^Invalid input for name\. Reason: 'x+/,
    ),
    network(
      'body of 200 kB',
      { description: 'y'.repeat(200_000) },
      'HTTPBadRequest',
      /^Invalid input for description\. Reason: 'y/,
    ),
    network(
      'admin_state_up "maybe"',
      { admin_state_up: 'maybe' },
      'InvalidInput',
      impossible("'maybe' cannot be converted to boolean"),
    ),
    network('mtu "abc"', { mtu: 'abc' }, 'InvalidInput', impossible("'abc' is not an integer")),
    network('mtu 100000', { mtu: 100_000 }, 'InvalidInput', impossible('Requested MTU is too big, maximum is 1450')),
    network(
      'mtu one too large',
      { mtu: 1451 },
      'InvalidInput',
      impossible('Requested MTU is too big, maximum is 1450'),
    ),
    // Neutron takes it; but no port could have it.
    network('mtu 10', { mtu: 10 }, 'InvalidInput', impossible('Requested MTU is too small, minimum is 68')),
    network('negative mtu', { mtu: -1 }, 'HTTPBadRequest', /^Invalid input for mtu\. Reason: /),
    network(
      'unknown network type',
      { 'provider:network_type': 'foo' },
      'InvalidInput',
      impossible("network_type value 'foo' not supported"),
    ),
    // Neutron asks for the physical network; the embedded backend has no such networks at all.
    network(
      'vlan',
      { 'provider:network_type': 'vlan', 'provider:segmentation_id': 5 },
      'InvalidInput',
      /network_type value 'vlan' not supported|provider:physical_network is required for vlan networks/,
    ),
    network(
      'flat',
      { 'provider:network_type': 'flat' },
      'InvalidInput',
      /network_type value 'flat' not supported|provider:physical_network is required for flat networks/,
    ),
    network(
      'physical network of a tunnel',
      { 'provider:physical_network': 'eth' },
      'InvalidInput',
      /^Invalid input for operation: /,
    ),
    network(
      'tunnel id 0',
      { 'provider:segmentation_id': 0 },
      'HTTPBadRequest',
      /^Invalid input for provider:segmentation_id\. Reason: /,
    ),
    network(
      'tunnel id in use',
      { 'provider:segmentation_id': provider.network['provider:segmentation_id'] },
      'TunnelIdInUse',
      /is in use\.$/,
      409,
    ),
    network(
      'external',
      { 'router:external': true },
      'HTTPNotImplemented',
      / is not supported by this provider\.$/,
      501,
    ),
    [
      'PUT: unknown',
      ['PUT', `/networks/${unknown}`, { network: {} }],
      404,
      'NetworkNotFound',
      notFound('Network', unknown),
    ],
    [
      'PUT: change the tunnel id',
      ['PUT', `/networks/${provider.network.id}`, { network: { 'provider:segmentation_id': 9 } }],
      400,
      'HTTPBadRequest',
      'Cannot update read-only attribute provider:segmentation_id',
    ],
    [
      'PUT: external',
      ['PUT', `/networks/${provider.network.id}`, { network: { 'router:external': true } }],
      501,
      'HTTPNotImplemented',
      /not supported/,
    ],
    [
      'DELETE: with ports',
      ['DELETE', `/networks/${provider.network.id}`],
      409,
      'NetworkInUse',
      `Unable to complete operation on network ${provider.network.id}. There are one or more ports still in use on the network.`,
    ],
    ['DELETE: unknown', ['DELETE', `/networks/${unknown}`], 404, 'NetworkNotFound', notFound('Network', unknown)],
    ['DELETE: not a UUID', ['DELETE', '/networks/abc'], 404, 'NetworkNotFound', notFound('Network', 'abc')],
    ['GET: unknown', ['GET', `/networks/${unknown}`], 404, 'NetworkNotFound', notFound('Network', unknown)],
    ['GET: %00', ['GET', '/networks/%00'], 404, 'NetworkNotFound', /^Network . could not be found\.$/],
  ])
})

test('a request for a subnet that cannot be is refused', async (t) => {
  const provider = await startFilled(t)
  const { network, empty, subnet } = provider
  const onEmpty = { network_id: empty.id, ip_version: 4, cidr: '10.81.0.0/24' }
  const refused = (title: string, change: object, type: string, message: string | RegExp, status = 400): Refusal => {
    const attributes = Object.entries({ ...onEmpty, ...change }).filter(([, value]) => value !== undefined)
    return [title, ['POST', '/subnets', { subnet: Object.fromEntries(attributes) }], status, type, message]
  }
  const pool = (start: string, end: string) => ({ start, end })
  const put = (title: string, change: object, status: number, type: string, message: string | RegExp): Refusal => [
    `PUT: ${title}`,
    ['PUT', `/subnets/${subnet.id}`, { subnet: change }],
    status,
    type,
    message,
  ]
  const noDhcp = impossible('Subnet has a prefix length that is incompatible with DHCP service enabled')
  await check(t, provider, [
    refused('unknown network', { network_id: unknown }, 'NetworkNotFound', notFound('Network', unknown), 404),
    refused(
      'network that is no UUID',
      { network_id: 'abc' },
      'HTTPBadRequest',
      bad('network_id', "'abc' is not a valid UUID"),
    ),
    refused(
      'no cidr',
      { cidr: undefined },
      'BadRequest',
      'Bad subnets request: a subnetpool must be specified in the absence of a cidr.',
    ),
    refused(
      'no ip_version',
      { ip_version: undefined },
      'HTTPBadRequest',
      "Failed to parse request. Required attribute 'ip_version' not specified",
    ),
    refused('cidr is a text', { cidr: 'abc' }, 'InvalidInput', impossible('abc is not in a CIDR format')),
    // Neutron fails with 500.
    refused('cidr is a number', { cidr: 5 }, 'InvalidInput', impossible('5 is not in a CIDR format')),
    refused(
      'cidr with host bits',
      { cidr: '10.81.0.7/24' },
      'HTTPBadRequest',
      bad('cidr', "'10.81.0.7/24' isn't a recognized IP subnet cidr, '10.81.0.0/24' is recommended"),
    ),
    refused(
      'IPv6 cidr with ip_version 4',
      { cidr: 'fd00::/64' },
      'InvalidInput',
      impossible("cidr 'fd00::/64' does not match the ip_version '4'"),
    ),
    // Neutron's text ends in the name of its own variable: "5 is not in valid_values".
    refused(
      'ip_version 5',
      { ip_version: 5 },
      'HTTPBadRequest',
      /^Invalid input for ip_version\. Reason: 5 is not in /,
    ),
    refused(
      'announced IPv6',
      { ip_version: 6, cidr: 'fd00::/64', ipv6_ra_mode: 'slaac' },
      'HTTPNotImplemented',
      /^(An IPv6 subnet|Announcing a subnet \('ipv6_ra_mode'\)) is not supported by this provider\.$/,
      501,
    ),
    refused(
      'same cidr on the same network',
      { network_id: network.id, cidr: '10.77.0.0/24' },
      'InvalidInput',
      impossible(`Requested subnet with cidr: 10.77.0.0/24 for network: ${network.id} overlaps with another subnet`),
    ),
    refused(
      'larger cidr on the same network',
      { network_id: network.id, cidr: '10.76.0.0/15' },
      'InvalidInput',
      / overlaps with another subnet\.$/,
    ),
    refused('cidr /32', { cidr: '10.81.0.1/32' }, 'InvalidInput', noDhcp),
    refused('cidr /31', { cidr: '10.81.0.0/31' }, 'InvalidInput', noDhcp),
    refused(
      'cidr 0.0.0.0/0',
      { cidr: '0.0.0.0/0' },
      'InvalidInput',
      impossible("First IP '0.0.0.0' of network is not supported if enable_dhcp is True"),
    ),
    refused(
      'gateway is a text',
      { gateway_ip: 'abc' },
      'HTTPBadRequest',
      bad('gateway_ip', "'abc' is not a valid IP address"),
    ),
    refused(
      'gateway is the network address',
      { gateway_ip: '10.81.0.0' },
      'InvalidInput',
      impossible('Gateway is not valid on subnet'),
    ),
    refused(
      'gateway is the broadcast address',
      { gateway_ip: '10.81.0.255' },
      'InvalidInput',
      impossible('Gateway is not valid on subnet'),
    ),
    refused(
      'bad dns',
      { dns_nameservers: ['abc'] },
      'HTTPBadRequest',
      /^Invalid input for dns_nameservers\. Reason: 'abc' is not a valid nameserver\./,
    ),
    // Neutron shows the pool as Python writes it.
    refused(
      'pool start > end',
      { allocation_pools: [pool('10.81.0.50', '10.81.0.9')] },
      'InvalidAllocationPool',
      /^The allocation pool .*10\.81\.0\.50.*10\.81\.0\.9.* is not valid\.$/,
    ),
    refused(
      'pool contains gateway',
      { gateway_ip: '10.81.0.1', allocation_pools: [pool('10.81.0.1', '10.81.0.9')] },
      'GatewayConflictWithAllocationPools',
      'Gateway ip 10.81.0.1 conflicts with allocation pool 10.81.0.1-10.81.0.9.',
      409,
    ),
    refused(
      'pool beyond the cidr',
      { allocation_pools: [pool('10.81.0.9', '10.81.1.9')] },
      'OutOfBoundsAllocationPool',
      /10\.81\.0\.0\/24/,
    ),
    refused(
      'pools that overlap',
      { allocation_pools: [pool('10.81.0.9', '10.81.0.20'), pool('10.81.0.20', '10.81.0.30')] },
      'OverlappingAllocationPools',
      /10\.81\.0\.0\/24/,
      409,
    ),
    refused('pool of IPv6', { allocation_pools: [pool('fd00::1', 'fd00::9')] }, 'InvalidAllocationPool', /fd00::1/),
    refused(
      'pools null',
      { allocation_pools: null },
      'HTTPBadRequest',
      /^Invalid input for allocation_pools\. Reason: Invalid data format for IP pool: /,
    ),
    refused('enable_dhcp "x"', { enable_dhcp: 'x' }, 'InvalidInput', impossible("'x' cannot be converted to boolean")),
    refused('unknown attribute', { bogus: 1 }, 'HTTPBadRequest', "Unrecognized attribute(s) 'bogus'"),
    refused(
      'IPv6 modes on IPv4',
      { ipv6_ra_mode: 'slaac' },
      'InvalidInput',
      /^Invalid input for operation: ipv6_ra_mode/,
    ),
    put('change cidr', { cidr: '10.78.0.0/24' }, 400, 'HTTPBadRequest', 'Cannot update read-only attribute cidr'),
    put(
      'change network_id',
      { network_id: empty.id },
      400,
      'HTTPBadRequest',
      'Cannot update read-only attribute network_id',
    ),
    put(
      'gateway into the pool',
      { gateway_ip: '10.77.0.9' },
      409,
      'GatewayConflictWithAllocationPools',
      /^Gateway ip 10\.77\.0\.9 conflicts with allocation pool /,
    ),
    [
      'DELETE: with ports in use',
      ['DELETE', `/subnets/${subnet.id}`],
      409,
      'SubnetInUse',
      new RegExp(
        `^Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet`,
      ),
    ],
    ['DELETE: unknown', ['DELETE', `/subnets/${unknown}`], 404, 'SubnetNotFound', notFound('Subnet', unknown)],
    ['GET: unknown', ['GET', `/subnets/${unknown}`], 404, 'SubnetNotFound', notFound('Subnet', unknown)],
  ])
})

test('a request for a port that cannot be is refused', async (t) => {
  const provider = await startFilled(t)
  const { network, subnet, p1, p2 } = provider
  const refused = (title: string, change: object, type: string, message: string | RegExp, status = 400): Refusal => [
    title,
    ['POST', '/ports', { port: { network_id: network.id, ...change } }],
    status,
    type,
    message,
  ]
  const put = (title: string, change: object, type: string, message: string | RegExp, status = 400): Refusal => [
    `PUT: ${title}`,
    ['PUT', `/ports/${p2.id}`, { port: change }],
    status,
    type,
    message,
  ]
  const wish = (ip_address: string) => ({ fixed_ips: [{ subnet_id: subnet.id, ip_address }] })
  const macInUse = `Unable to complete operation for network ${network.id}. The mac address ${mac} is in use.`
  const notInSubnet = (address: string) => `IP address ${address} is not a valid IP for the specified subnet.`
  const taken = `IP address 10.77.0.20 already allocated in subnet ${subnet.id}`
  await check(t, provider, [
    [
      'no network_id',
      ['POST', '/ports', { port: {} }],
      400,
      'HTTPBadRequest',
      "Failed to parse request. Required attribute 'network_id' not specified",
    ],
    refused('unknown network', { network_id: unknown }, 'NetworkNotFound', notFound('Network', unknown), 404),
    refused(
      'bad MAC',
      { mac_address: 'zz:zz' },
      'HTTPBadRequest',
      bad('mac_address', "'zz:zz' is not a valid MAC address"),
    ),
    refused(
      'zero MAC',
      { mac_address: '00:00:00:00:00:00' },
      'HTTPBadRequest',
      bad('mac_address', "'00:00:00:00:00:00' is not a valid MAC address"),
    ),
    refused('duplicate MAC, same network', { mac_address: mac }, 'MacAddressInUse', macInUse, 409),
    refused('duplicate MAC in upper case', { mac_address: mac.toUpperCase() }, 'MacAddressInUse', macInUse, 409),
    refused('duplicate MAC with dashes', { mac_address: mac.replaceAll(':', '-') }, 'MacAddressInUse', macInUse, 409),
    refused('IP in use', wish('10.77.0.20'), 'IpAddressAlreadyAllocated', taken, 409),
    refused(
      'IP twice in one request',
      { fixed_ips: [{ ip_address: '10.77.0.30' }, { ip_address: '10.77.0.30' }] },
      'IpAddressAlreadyAllocated',
      /^IP address 10\.77\.0\.30 already allocated/,
      409,
    ),
    refused('IP = network address', wish('10.77.0.0'), 'InvalidIpForSubnet', notInSubnet('10.77.0.0')),
    refused('IP = broadcast', wish('10.77.0.255'), 'InvalidIpForSubnet', notInSubnet('10.77.0.255')),
    refused('IP outside the cidr', wish('10.78.0.1'), 'InvalidIpForSubnet', notInSubnet('10.78.0.1')),
    refused('IPv6 on an IPv4 subnet', wish('fd00::5'), 'InvalidIpForSubnet', notInSubnet('fd00::5')),
    refused(
      'IP in no subnet',
      { fixed_ips: [{ ip_address: '10.99.0.1' }] },
      'InvalidIpForNetwork',
      'IP address 10.99.0.1 is not a valid IP for any of the subnets on the specified network.',
    ),
    refused(
      'unknown subnet',
      { fixed_ips: [{ subnet_id: unknown }] },
      'SubnetNotFound',
      notFound('Subnet', unknown),
      404,
    ),
    refused(
      'subnet of another network',
      { network_id: provider.empty.id, fixed_ips: [{ subnet_id: subnet.id }] },
      'InvalidInput',
      /^Invalid input for operation: Failed to create port on network /,
    ),
    refused(
      'six fixed IPs',
      { fixed_ips: Array(6).fill({ subnet_id: subnet.id }) },
      'InvalidInput',
      impossible('Exceeded maximum amount of fixed ips per port'),
    ),
    // Neutron shows the object as Python writes it.
    refused(
      'fixed_ips not a list',
      { fixed_ips: { a: 1 } },
      'HTTPBadRequest',
      /^Invalid input for fixed_ips\. Reason: Invalid data format for fixed IP: '\{.*\}'\.$/,
    ),
    refused(
      'fixed_ips null',
      { fixed_ips: null },
      'HTTPBadRequest',
      bad('fixed_ips', "Invalid data format for fixed IP: 'None'"),
    ),
    refused(
      'empty wish',
      { fixed_ips: [{}] },
      'InvalidInput',
      impossible('IP allocation requires subnet_id or ip_address'),
    ),
    refused(
      'security_groups is a text',
      { security_groups: 'abc' },
      'HTTPBadRequest',
      bad('security_groups', "'abc' is not a list"),
    ),
    refused(
      'unknown security group',
      { security_groups: [unknown] },
      'SecurityGroupNotFound',
      `Security group ${unknown} does not exist`,
      404,
    ),
    refused('device_id is a number', { device_id: 5 }, 'HTTPBadRequest', bad('device_id', "'5' is not a valid string")),
    refused(
      'admin_state_up "maybe"',
      { admin_state_up: 'maybe' },
      'InvalidInput',
      impossible("'maybe' cannot be converted to boolean"),
    ),
    refused('unknown attribute', { bogus: 1 }, 'HTTPBadRequest', "Unrecognized attribute(s) 'bogus'"),
    refused(
      'nested binding:profile',
      { 'binding:profile': { deep: {} } },
      'HTTPBadRequest',
      /^Invalid input for binding:profile\. Reason: /,
    ),
    // Neutron makes several ports at once and names the wrong one; here there is one port to a request.
    [
      'bulk, 2nd invalid',
      ['POST', '/ports', { ports: [{ network_id: network.id }, { network_id: network.id, mac_address: 'zz' }] }],
      400,
      'HTTPBadRequest',
      /./,
    ],
    put(
      'change network_id',
      { network_id: provider.empty.id },
      'HTTPBadRequest',
      'Cannot update read-only attribute network_id',
    ),
    put('set status', { status: 'ACTIVE' }, 'HTTPBadRequest', 'Cannot update read-only attribute status'),
    put('set wired_hosts', { wired_hosts: ['h'] }, 'HTTPBadRequest', 'Cannot update read-only attribute wired_hosts'),
    put('duplicate MAC', { mac_address: mac }, 'MacAddressInUse', macInUse, 409),
    put('bad MAC', { mac_address: 'zz' }, 'HTTPBadRequest', bad('mac_address', "'zz' is not a valid MAC address")),
    put('IP in use', wish('10.77.0.20'), 'IpAddressAlreadyAllocated', taken, 409),
    put(
      'a good and a bad address',
      { fixed_ips: [{ ip_address: '10.77.0.40' }, { ip_address: '10.77.0.20' }] },
      'IpAddressAlreadyAllocated',
      taken,
      409,
    ),
    put('unknown attribute', { bogus: 1 }, 'HTTPBadRequest', "Unrecognized attribute(s) 'bogus'"),
    put(
      'empty wish',
      { fixed_ips: [{}] },
      'InvalidInput',
      impossible('IP allocation requires subnet_id or ip_address'),
    ),
    put('device_id null', { device_id: null }, 'HTTPBadRequest', bad('device_id', "'None' is not a valid string")),
    put(
      'fixed_ips null',
      { fixed_ips: null },
      'HTTPBadRequest',
      bad('fixed_ips', "Invalid data format for fixed IP: 'None'"),
    ),
    put(
      'unknown security group',
      { security_groups: [unknown] },
      'SecurityGroupNotFound',
      `Security group ${unknown} does not exist`,
      404,
    ),
    ['PUT: unknown', ['PUT', `/ports/${unknown}`, { port: {} }], 404, 'PortNotFound', notFound('Port', unknown)],
    [
      'POST: a binding of an unknown port',
      ['POST', `/ports/${unknown}/bindings`, { binding: { host: 'h' } }],
      404,
      'PortNotFound',
      notFound('Port', unknown),
    ],
    ['DELETE: unknown', ['DELETE', `/ports/${unknown}`], 404, 'PortNotFound', notFound('Port', unknown)],
    ['GET: unknown', ['GET', `/ports/${unknown}`], 404, 'PortNotFound', notFound('Port', unknown)],
    ['GET: id of a network', ['GET', `/ports/${network.id}`], 404, 'PortNotFound', notFound('Port', network.id)],
    [
      'GET: limit=abc',
      ['GET', '/ports?limit=abc'],
      400,
      'BadRequest',
      "Bad limit request: Limit must be an integer 0 or greater and not 'abc'.",
    ],
    // Neutron misses the sort_dir first; here a key alone means ascending.
    ['GET: sort_key=bogus', ['GET', '/ports?sort_key=bogus'], 400, 'HTTPBadRequest', /sort/],
    [
      'GET: more sort_dirs than sort_keys',
      ['GET', '/ports?sort_dir=asc'],
      400,
      'HTTPBadRequest',
      'The number of sort_keys and sort_dirs must be same',
    ],
    ['GET: %ff=1', ['GET', '/ports?%ff=1'], 400, 'HTTPBadRequest', /./],
    ['GET: unknown filter', ['GET', '/ports?bogus=1'], 400, 'HTTPBadRequest', /bogus/],
  ])
  assert.equal(p1.fixed_ips[0].ip_address, '10.77.0.20')
})

test('a request with a stale revision is refused', async (t) => {
  const { send, p1 } = await startFilled(t)
  const stale = { 'if-match': 'revision_number=99' }
  const { status, body } = await send('PUT', `/ports/${p1.id}`, { port: { name: 'x' } }, stale)
  assert.deepEqual([status, body.NeutronError.type], [412, 'RevisionNumberConstraintFailed'])
  assert.equal(body.NeutronError.message, 'Constrained to 99, but current revision is 1')
})

test('a path or a method that is none is refused', async (t) => {
  const provider = await startFilled(t)
  const { network } = provider
  const noPath = 'The resource could not be found.'
  const noMethod = (method: string, path: string, allowed: string): Refusal => [
    `${method} ${path.replace(network.id, '{id}')}`,
    [method, path, method === 'DELETE' || method === 'GET' ? undefined : { network: {} }],
    405,
    'HTTPMethodNotAllowed',
    new RegExp(`^The method ${method} is not allowed for /.*\\. Allowed: ${allowed}\\.$`),
  ]
  await check(t, provider, [
    ['GET /v2.0/nowhere', ['GET', '/nowhere'], 404, 'HTTPNotFound', noPath],
    ['GET /v2.0/networks/{id}/nowhere', ['GET', `/networks/${network.id}/nowhere`], 404, 'HTTPNotFound', noPath],
    ['GET /v3/networks', ['GET', '/../v3/networks'], 404, 'HTTPNotFound', noPath],
    ['POST //', ['POST', '/..//', {}], 405, 'HTTPMethodNotAllowed', /Allowed: GET\.$/],
    ['POST //[', ['POST', '/..//[', {}], 404, 'HTTPNotFound', noPath],
    // Neutron: HTTPNotFound, because it reads the path after decoding it.
    [
      'GET ../ encoded',
      ['GET', '/networks/..%2f..%2fetc'],
      404,
      'NetworkNotFound',
      /^Network .* could not be found\.$/,
    ],
    noMethod('PATCH', `/networks/${network.id}`, 'GET, PUT, DELETE'),
    noMethod('POST', `/networks/${network.id}`, 'GET, PUT, DELETE'),
    noMethod('POST', `/subnets/${network.id}`, 'GET, PUT, DELETE'),
    noMethod('PUT', '/networks', 'GET, POST'),
    noMethod('PATCH', '//networks/', 'GET, POST'),
    // Neutron: 404 NetworkNotFound, "Network None could not be found."
    noMethod('DELETE', '/networks', 'GET, POST'),
  ])
  const { headers } = await provider.send('PUT', '/networks', {})
  assert.equal(headers.get('allow'), 'GET, POST')
})

test('what Neutron accepts is accepted', async (t) => {
  const provider = await startFilled(t)
  const { make, network, empty, subnet, p1, send } = provider
  const made = async (title: string, singular: string, attributes: object, expected: object = {}) => {
    await t.test(`POST ${singular}: ${title}`, async () => {
      const created = await make(singular, attributes)
      for (const [name, value] of Object.entries(expected)) assert.deepEqual(created[name], value)
      assert.deepEqual((await send('GET', `/${singular}s/${created.id}`)).body, { [singular]: created })
      assert.equal((await send('DELETE', `/${singular}s/${created.id}`)).status, 204)
      assert.equal((await send('DELETE', `/${singular}s/${created.id}`)).status, 404, 'a second time it is gone')
    })
  }
  const onEmpty = { network_id: empty.id, ip_version: 4, cidr: '10.81.0.0/24' }
  await made('name in any script', 'network', { name: 'žluťoučký 网络 💥' }, { name: 'žluťoučký 网络 💥' })
  await made(
    'as the OpenStack command sends it',
    'network',
    { mtu: '1400', 'provider:segmentation_id': '77' },
    { mtu: 1400, 'provider:segmentation_id': 77 },
  )
  await made('second, other cidr, same network', 'subnet', { ...onEmpty, network_id: network.id })
  await made('same cidr, other network', 'subnet', { ...onEmpty, cidr: subnet.cidr })
  await made('gateway outside cidr', 'subnet', { ...onEmpty, gateway_ip: '10.99.0.1' }, { gateway_ip: '10.99.0.1' })
  await made(
    '2 dns servers',
    'subnet',
    { ...onEmpty, dns_nameservers: ['10.0.0.1', '10.0.0.2'] },
    { dns_nameservers: ['10.0.0.1', '10.0.0.2'] },
  )
  await made('/32 without DHCP', 'subnet', {
    ...onEmpty,
    cidr: '255.255.255.255/32',
    enable_dhcp: false,
    gateway_ip: null,
  })
  await made('no name', 'port', { network_id: network.id }, { name: '' })
  await made('duplicate MAC, other network', 'port', { network_id: empty.id, mac_address: mac }, { mac_address: mac })
  await made('duplicate device_id', 'port', { network_id: network.id, device_id: p1.device_id })
  await made(
    'IP without subnet_id',
    'port',
    { network_id: network.id, fixed_ips: [{ ip_address: '10.77.0.99' }] },
    { fixed_ips: [{ subnet_id: subnet.id, ip_address: '10.77.0.99' }] },
  )
  await made('fixed_ips []', 'port', { network_id: network.id, fixed_ips: [] }, { fixed_ips: [] })
  await made('security_groups null', 'port', { network_id: network.id, security_groups: null })
  await made(
    'binding:host_id',
    'port',
    { network_id: network.id, 'binding:host_id': 'host-1' },
    { 'binding:host_id': 'host-1' },
  )
  await t.test('PUT port: {}', async () => {
    const { status, body } = await send('PUT', `/ports/${p1.id}`, { port: {} })
    assert.equal(status, 200)
    assert.deepEqual(body.port.fixed_ips, p1.fixed_ips)
  })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
    await t.test(`POST network: Content-Type ${type}`, async () => {
      const { status, body } = await send('POST', '/networks', { network: { name: type } }, { 'content-type': type })
      assert.deepEqual([status, body.network?.name], [201, type])
    })
  await t.test('OPTIONS /networks', async () => {
    const { status, headers } = await send('OPTIONS', '/networks')
    assert.deepEqual([status, headers.get('allow')], [200, 'GET, POST'])
  })
})

test('every list that Neutron answers is answered', async (t) => {
  const { send, p1, p2, network, subnet } = await startFilled(t)
  for (const [query, expected] of [
    ['', [p1, p2]],
    ['?limit=1', [p1]],
    ['?limit=0', [p1, p2]],
    [`?marker=${p1.id}`, [p2]],
    ['?sort_key=name&sort_dir=asc', [p1, p2]],
    ['?sort_key=name&sort_dir=desc', [p2, p1]],
    ['?name=p1&name=p2', [p1, p2]],
    ['?name=', []],
    ['?admin_state_up=true', [p1]],
    [`?device_id=${p1.device_id}`, [p1]],
    [`?mac_address=${mac.toUpperCase()}`, [p1]],
    [`?network_id=${network.id}`, [p1, p2]],
    ['?network_id=abc', []],
    [`?fixed_ips=subnet_id%3D${subnet.id}`, [p1, p2]],
    ['?fixed_ips=ip_address%3D10.77.0.20', [p1]],
    ['?device_owner=oVirt', [p1]],
    ['?tenant_id=none', []],
  ] as const)
    await t.test(`GET /ports${query}`, async () => {
      const { status, body } = await send('GET', `/ports${query}`)
      assert.equal(status, 200)
      assert.deepEqual(body.ports, expected)
    })
  await t.test('GET /ports?fields=…', async () => {
    assert.deepEqual((await send('GET', '/ports?fields=id')).body, { ports: [{ id: p1.id }, { id: p2.id }] })
    const one = await send('GET', '/ports?fields=id&fields=name&limit=1')
    assert.deepEqual(one.body.ports, [{ id: p1.id, name: 'p1' }])
    assert.deepEqual((await send('GET', `/ports/${p1.id}?fields=name`)).body, { port: { name: 'p1' } })
  })
  await t.test('GET /networks?name=none', async () => {
    assert.deepEqual((await send('GET', '/networks?name=none')).body, { networks: [] })
  })
  // Neutron answers /v2.0 without the slash with 404; engines and commands send both.
  for (const path of ['/', '', '/networks/', '//networks//'])
    await t.test(`GET /v2.0${path}`, async () => assert.equal((await send('GET', path)).status, 200))
})

test('without a token, or with a wrong one, every request but the list of versions is 401', async (t) => {
  const { send, url } = await startTestProvider(t, { administrator: { name: 'admin', password: 'secret' } })
  for (const headers of [{}, { 'x-auth-token': 'wrong' }] as Record<string, string>[])
    for (const [method, path] of [
      ['GET', '/networks'],
      ['GET', '/nowhere'],
      ['GET', '/../nowhere'],
      ['GET', '/'],
      ['POST', '/networks'],
    ] as const) {
      const { status, body } = await send(method, path, method === 'POST' ? { network: {} } : undefined, headers)
      assert.deepEqual([status, Object.keys(body.error)], [401, ['code', 'title', 'message']], `${method} ${path}`)
      assert.equal(body.error.message, 'The request you have made requires authentication.')
    }
  assert.equal((await fetch(`${url}/`)).status, 200)
})
