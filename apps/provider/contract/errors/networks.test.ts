// Bad requests for networks: Neutron’s status and type for each, and nothing changed by any of them.
import { test } from 'node:test'
import { bad, check, impossible, notFound, type Refusal, startFilled, unknown } from './refusals.ts'

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
