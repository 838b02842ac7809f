// Bad requests for ports: Neutron’s status and type for each, and nothing changed by any of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bad, check, impossible, mac, notFound, type Refusal, startFilled, unknown } from './refusals.ts'

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
