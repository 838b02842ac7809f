// IPv6 subnets: modes, pools, and addresses that ports form from their MAC.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import { startServices } from '../testing/test-services.ts'

const mac = '02:00:00:00:00:01'
const both = (mode: string) => ({ ipv6_ra_mode: mode, ipv6_address_mode: mode })
const slaac = both('slaac')

async function start(t: TestContext) {
  const { networks, subnets, ports } = await startServices(t, {})
  const { id: network_id } = await networks.create({})
  return {
    networks,
    subnets,
    ports,
    network_id,
    subnet: (cidr: string, more: object = {}) =>
      subnets.create({ network_id, ip_version: cidr.includes(':') ? 6 : 4, cidr, ...more }),
    port: (more: object = {}) => ports.create({ network_id, mac_address: mac, ...more }),
  }
}

const addressesOf = ({ fixed_ips }: Port) => fixed_ips.map(({ ip_address }) => ip_address)

const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    (value) => assert.fail(`was answered: ${JSON.stringify(value)}`),
    (reason) => reason,
  )
  return [error.status, error.type, error.message]
}

test('an IPv6 subnet has the first address as gateway and the rest as its pool', async (t) => {
  const { subnet } = await start(t)
  const made = await subnet('fd00::/64')
  assert.deepEqual(
    [made.gateway_ip, made.allocation_pools, made.ipv6_ra_mode, made.ipv6_address_mode],
    ['fd00::1', [{ start: 'fd00::2', end: 'fd00::ffff:ffff:ffff:ffff' }], null, null],
  )
})

test('the modes go together as in Neutron', async (t) => {
  const { subnet } = await start(t)
  const modes = ['slaac', 'dhcpv6-stateful', 'dhcpv6-stateless']
  let at = 0
  const next = () => `fd00:0:0:${++at}::/64`
  for (const mode of modes)
    for (const given of [both(mode), { ipv6_ra_mode: mode }, { ipv6_address_mode: mode }]) {
      const made = await subnet(next(), given)
      const expected = { ipv6_ra_mode: null, ipv6_address_mode: null, ...given }
      const { ipv6_ra_mode, ipv6_address_mode } = made
      assert.deepEqual({ ipv6_ra_mode, ipv6_address_mode }, expected)
    }
  const impossible = (reason: string) => [400, 'InvalidInput', `Invalid input for operation: ${reason}.`]
  for (const [cidr, given, expected] of [
    [
      next(),
      { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'dhcpv6-stateful' },
      impossible(
        "ipv6_ra_mode set to 'slaac' with ipv6_address_mode set to 'dhcpv6-stateful' is not valid. If both attributes are set, they must be the same value",
      ),
    ],
    [
      next(),
      { ...slaac, enable_dhcp: false },
      impossible('ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False'),
    ],
    [
      'fd01::/80',
      slaac,
      impossible(
        'Invalid CIDR fd01::/80 for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64',
      ),
    ],
    ['10.0.0.0/24', slaac, impossible('ipv6_ra_mode or ipv6_address_mode cannot be set when ip_version is set to 4')],
    [
      next(),
      { ipv6_ra_mode: 'bogus' },
      [
        400,
        'HTTPBadRequest',
        'Invalid input for ipv6_ra_mode. Reason: bogus is not in slaac, dhcpv6-stateful, dhcpv6-stateless.',
      ],
    ],
  ] as const)
    assert.deepEqual(await refusal(subnet(cidr, given)), expected)
  assert.equal((await subnet('fd02::/80', both('dhcpv6-stateful'))).cidr, 'fd02::/80')
})

test('DHCP stays on where a mode needs it', async (t) => {
  const { subnet, subnets } = await start(t)
  const { id } = await subnet('fd00::/64', slaac)
  const expected = [
    400,
    'InvalidInput',
    'Invalid input for operation: Cannot disable enable_dhcp with ipv6 attributes set.',
  ]
  assert.deepEqual(await refusal(subnets.update(id, { enable_dhcp: false })), expected)
  const plain = await subnet('fd01::/64')
  assert.equal((await subnets.update(plain.id, { enable_dhcp: false })).enable_dhcp, false)
})

test('a port gets one address of each IP version, and one in every subnet of automatic addresses', async (t) => {
  const { subnet, port } = await start(t)
  await subnet('10.0.0.0/24')
  await subnet('10.0.1.0/24')
  await subnet('fd00::/64', both('dhcpv6-stateful'))
  await subnet('fd01::/64', slaac)
  await subnet('fd02::/64', both('dhcpv6-stateless'))
  assert.deepEqual(addressesOf(await port()), ['10.0.0.2', 'fd00::2', 'fd01::ff:fe00:1', 'fd02::ff:fe00:1'])
})

test('automatic addresses come in any case; others are as wished', async (t) => {
  const { subnet, port, ports } = await start(t)
  await subnet('fd00::/64')
  const auto = await subnet('fd01::/64', slaac)
  const formed = 'fd01::ff:fe00:1'
  const made = await port({ fixed_ips: [{ ip_address: 'fd00::99' }, { subnet_id: auto.id }] })
  assert.deepEqual(addressesOf(made), ['fd00::99', formed])
  for (const [wishes, expected] of [
    [[], [formed]],
    [[{ ip_address: 'fd00::7' }], [formed, 'fd00::7']],
    [
      [{ ip_address: formed }, { ip_address: 'fd00::8' }],
      [formed, 'fd00::8'],
    ],
    [made.fixed_ips, [formed, 'fd00::99']],
  ] as const)
    assert.deepEqual(addressesOf(await ports.update(made.id, { fixed_ips: wishes })), expected)
  assert.deepEqual(await refusal(ports.update(made.id, { fixed_ips: [{ ip_address: 'fd01::5' }] })), [
    400,
    'AllocationOnAutoAddressSubnet',
    `IPv6 address fd01::5 can not be directly assigned to a port on subnet ${auto.id} as the subnet is configured for automatic addresses`,
  ])
})

test('a new MAC forms new automatic addresses, and sets the old ones free', async (t) => {
  const { subnet, port, ports, network_id } = await start(t)
  await subnet('fd00::/64')
  await subnet('fd01::/64', slaac)
  const { id } = await port()
  const moved = await ports.update(id, { mac_address: '02:00:00:00:00:02' })
  assert.deepEqual(addressesOf(moved), ['fd00::2', 'fd01::ff:fe00:2'])
  const other = await ports.create({ network_id, mac_address: mac })
  assert.deepEqual(addressesOf(other), ['fd00::3', 'fd01::ff:fe00:1'])
})

test('a subnet of automatic addresses reaches the ports that are there, and goes without their leave', async (t) => {
  const { subnet, subnets, port, ports } = await start(t)
  await subnet('10.0.0.0/24')
  const { id, revision_number } = await port()
  const auto = await subnet('fd01::/64', slaac)
  const reached = ports.get(id)
  assert.deepEqual(
    [addressesOf(reached), reached.revision_number],
    [['10.0.0.2', 'fd01::ff:fe00:1'], revision_number + 1],
  )
  await subnets.remove(auto.id)
  assert.deepEqual(addressesOf(ports.get(id)), ['10.0.0.2'])
  assert.deepEqual(addressesOf((await subnet('fd01::/64', slaac)) && ports.get(id)), ['10.0.0.2', 'fd01::ff:fe00:1'])
})

test('a subnet with addresses from its pool stays while they are in use', async (t) => {
  const { subnet, subnets, port } = await start(t)
  const { id } = await subnet('fd00::/64')
  await port()
  assert.deepEqual((await refusal(subnets.remove(id))).slice(0, 2), [409, 'SubnetInUse'])
})

test('the last address of an IPv6 subnet is one like the others, the first is not', async (t) => {
  const { subnet, port } = await start(t)
  await subnet('fd00::/126', { gateway_ip: null })
  const made = await port({ fixed_ips: [{ ip_address: 'fd00::3' }] })
  assert.deepEqual(addressesOf(made), ['fd00::3'])
  assert.deepEqual(
    (await refusal(port({ mac_address: '02:00:00:00:00:09', fixed_ips: [{ ip_address: 'fd00::' }] }))).slice(0, 2),
    [400, 'InvalidIpForSubnet'],
  )
})
