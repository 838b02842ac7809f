// Bad requests for subnets: Neutron’s status and type for each, and nothing changed by any of them.
import { test } from 'node:test'
import { bad, check, impossible, notFound, type Refusal, startFilled, unknown } from './refusals.ts'

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
    refused(
      'the same DNS server twice',
      { dns_nameservers: ['fd00::1', 'FD00:0::1'] },
      'HTTPBadRequest',
      bad('dns_nameservers', "Duplicate nameserver 'fd00::1'"),
    ),
    refused(
      'the same route twice',
      {
        host_routes: [
          { destination: '10.5.0.0/16', nexthop: '10.81.0.9' },
          { nexthop: '10.81.0.9', destination: '10.5.0.0/16' },
        ],
      },
      'HTTPBadRequest',
      /^Invalid input for host_routes\. Reason: Duplicate hostroute '\{.*\}'\.$/,
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
