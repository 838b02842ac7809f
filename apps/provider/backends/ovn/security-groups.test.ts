// Security groups on OVN: their API, and that OVN's own logical flows let through what the rules allow and nothing else.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startTestProvider } from '../../testing/test-provider.ts'
import { startNorthd } from './testing/northd.ts'

const skip = noOvsdbServer ?? false
const unknown = '00000000-0000-4000-8000-000000000000'

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  const provider = await startTestProvider(t, { ovn: { remotes: [server.remote], tls: undefined } })
  const make = async (type: string, attributes: object) => {
    const path = `/${type.replaceAll('_', '-')}s`
    const { status, body } = await provider.send('POST', path, { [type]: attributes })
    assert.equal(status, 201, JSON.stringify(body))
    return body[type]
  }
  const network = await make('network', { name: 'blue' })
  await make('subnet', { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' })
  return { ...provider, server, make, network }
}

const shapeOf = ({ direction, ethertype, protocol, port_range_min, remote_group_id }: any) =>
  [direction, ethertype, protocol, port_range_min, remote_group_id && 'itself'].join(' ')

test('a project has a default group, in which its ports are unless they say otherwise', { skip }, async (t) => {
  const { send, make, network } = await start(t)
  const [group] = (await send('GET', '/security-groups')).body.security_groups
  assert.equal(group.name, 'default')
  assert.deepEqual(group.security_group_rules.map(shapeOf).sort(), [
    'egress IPv4   ',
    'egress IPv6   ',
    'ingress IPv4   itself',
    'ingress IPv6   itself',
  ])
  const port = (attributes: object) => make('port', { network_id: network.id, ...attributes })
  assert.deepEqual((await port({})).security_groups, [group.id])
  assert.deepEqual((await port({ security_groups: null })).security_groups, [group.id])
  assert.deepEqual((await port({ security_groups: [] })).security_groups, [])
  assert.deepEqual((await port({ port_security_enabled: false })).security_groups, [])
  assert.equal((await send('GET', '/security-groups')).body.security_groups.length, 1)
})

test('a group and its rules live their life, and outlive the provider', { skip }, async (t) => {
  const { send, make, network, server } = await start(t)
  const group = await make('security_group', { name: 'web', description: 'WWW' })
  assert.deepEqual(group.security_group_rules.map(shapeOf), ['egress IPv4   ', 'egress IPv6   '])
  const rule = await make('security_group_rule', {
    security_group_id: group.id,
    direction: 'ingress',
    protocol: 'tcp',
    port_range_min: '80',
    port_range_max: 81,
    remote_ip_prefix: '192.0.2.7',
  })
  assert.deepEqual([rule.port_range_min, rule.remote_ip_prefix], [80, '192.0.2.7/32'])
  const path = `/security-groups/${group.id}`
  const renamed = (await send('PUT', path, { security_group: { name: 'www', stateful: false } })).body.security_group
  assert.deepEqual([renamed.name, renamed.stateful, renamed.security_group_rules.length], ['www', false, 3])
  assert.equal((await send('GET', '/security-groups?name=www')).body.security_groups.length, 1)
  assert.equal(
    (await send('GET', `/security-group-rules?security_group_id=${group.id}`)).body.security_group_rules.length,
    3,
  )

  const another = await startTestProvider(t, { ovn: { remotes: [server.remote], tls: undefined } })
  assert.deepEqual((await another.send('GET', path)).body, (await send('GET', path)).body)

  const port = await make('port', { network_id: network.id, security_groups: [group.id] })
  assert.equal((await send('DELETE', path)).body.NeutronError.type, 'SecurityGroupInUse')
  const emptied = await send('PUT', `/ports/${port.id}`, { port: { security_groups: [] } })
  assert.deepEqual(emptied.body.port.security_groups, [])
  assert.equal((await send('DELETE', `/security-group-rules/${rule.id}`)).status, 204)
  assert.equal((await send('DELETE', path)).status, 204)
  assert.equal(
    (await send('GET', `/security-group-rules?security_group_id=${group.id}`)).body.security_group_rules.length,
    0,
  )
})

test('what makes no sense is refused as Neutron does, and changes nothing', { skip }, async (t) => {
  const { send, make, network } = await start(t)
  const { id: security_group_id } = await make('security_group', { name: 'web' })
  const port = await make('port', { network_id: network.id })
  const [byDefault] = (await send('GET', '/security-groups?name=default')).body.security_groups
  const state = async () => [(await send('GET', '/security-groups')).body, (await send('GET', '/ports')).body]
  const before = await state()
  const rule = (attributes: object) =>
    [
      'POST',
      '/security-group-rules',
      { security_group_rule: { security_group_id, direction: 'ingress', ...attributes } },
    ] as const
  for (const [[method, path, body], status, type] of [
    [rule({ ethertype: 'x' }), 400, 'SecurityGroupRuleInvalidEtherType'],
    [rule({ protocol: 'zzz' }), 400, 'SecurityGroupRuleInvalidProtocol'],
    [rule({ protocol: '256' }), 400, 'SecurityGroupRuleInvalidProtocol'],
    [rule({ protocol: 'tcp', port_range_min: 9, port_range_max: 8 }), 400, 'SecurityGroupInvalidPortRange'],
    [rule({ port_range_min: 8, port_range_max: 9 }), 400, 'SecurityGroupProtocolRequiredWithPorts'],
    [rule({ protocol: 'icmp', port_range_min: 256 }), 400, 'SecurityGroupInvalidIcmpValue'],
    [rule({ protocol: 'icmp', port_range_max: 1 }), 400, 'SecurityGroupMissingIcmpType'],
    [
      rule({ remote_ip_prefix: '10.0.0.0/8', remote_group_id: security_group_id }),
      400,
      'SecurityGroupMultipleRemoteEntites',
    ],
    [rule({ remote_ip_prefix: 'fd00::/8' }), 400, 'SecurityGroupRuleParameterConflict'],
    [rule({ remote_ip_prefix: 'abc' }), 400, 'InvalidInput'],
    [rule({ protocol: 'icmpv6' }), 400, 'SecurityGroupEthertypeConflictWithProtocol'],
    [rule({ direction: 'sideways' }), 400, 'HTTPBadRequest'],
    [rule({ security_group_id: unknown }), 404, 'SecurityGroupNotFound'],
    [rule({ remote_group_id: unknown }), 404, 'SecurityGroupNotFound'],
    [rule({ direction: 'egress' }), 409, 'SecurityGroupRuleExists'],
    [['POST', '/security-groups', { security_group: { name: 'default' } }], 409, 'SecurityGroupDefaultAlreadyExists'],
    [
      ['PUT', `/security-groups/${byDefault.id}`, { security_group: { name: 'x' } }],
      409,
      'SecurityGroupCannotUpdateDefault',
    ],
    [['DELETE', `/security-groups/${byDefault.id}`], 409, 'SecurityGroupCannotRemoveDefault'],
    [['GET', `/security-groups/${unknown}`], 404, 'SecurityGroupNotFound'],
    [['DELETE', `/security-group-rules/${unknown}`], 404, 'SecurityGroupRuleNotFound'],
    [['PUT', `/ports/${port.id}`, { port: { security_groups: [unknown] } }], 404, 'SecurityGroupNotFound'],
    [['PUT', `/ports/${port.id}`, { port: { port_security_enabled: false } }], 409, 'PortSecurityPortHasSecurityGroup'],
    [
      [
        'POST',
        '/ports',
        { port: { network_id: network.id, port_security_enabled: false, security_groups: [security_group_id] } },
      ],
      400,
      'PortSecurityAndIPRequiredForSecurityGroups',
    ],
  ] as const) {
    const answer = await send(method, path, body)
    assert.deepEqual([answer.status, answer.body.NeutronError.type], [status, type], JSON.stringify(body ?? path))
  }
  assert.deepEqual(await state(), before)
})

test("OVN's flows let through what the rules allow, and nothing else", { skip }, async (t) => {
  const { send, make, network, server } = await start(t)
  const northd = await startNorthd(t, server)
  const web = await make('security_group', { name: 'web' })
  const rule = (attributes: object) =>
    make('security_group_rule', { security_group_id: web.id, direction: 'ingress', ...attributes })
  await rule({ protocol: 'tcp', port_range_min: 80, port_range_max: 81 })
  await rule({ protocol: 'icmp', port_range_min: 8, port_range_max: 0 })
  await rule({ protocol: 'udp', remote_ip_prefix: '10.0.0.0/31' })
  const port = (attributes: object) => make('port', { network_id: network.id, ...attributes })
  const client = await port({ name: 'client' })
  const friend = await port({ name: 'friend' })
  const server1 = await port({ name: 'server', security_groups: [web.id] })
  const closed = await port({ name: 'closed', security_groups: [] })
  const open = await port({ name: 'open', port_security_enabled: false })
  const packet = (from: any, to: any, rest: string) =>
    `inport=="${from.id}" && eth.src==${from.mac_address} && eth.dst==${to.mac_address} && ip.ttl==64 && ` +
    `ip4.src==${from.fixed_ips[0].ip_address} && ip4.dst==${to.fixed_ips[0].ip_address} && ${rest}`
  await northd.synced()
  for (const [what, from, to, rest, isDelivered] of [
    ['TCP 80 to the server', client, server1, 'tcp.dst==80', true],
    ['TCP 81 to the server', client, server1, 'tcp.dst==81', true],
    ['TCP 82 to the server', client, server1, 'tcp.dst==82', false],
    ['an echo request to the server', client, server1, 'icmp4.type==8 && icmp4.code==0', true],
    ['an echo reply to the server', client, server1, 'icmp4.type==0 && icmp4.code==0', false],
    ['UDP to the server from outside the prefix', client, server1, 'udp.dst==53', false],
    ['within the default group', client, friend, 'tcp.dst==22', true],
    ['from the server into the default group', server1, client, 'tcp.dst==22', false],
    ['to a port in no group', client, closed, 'tcp.dst==80', false],
    ['from a port in no group', closed, open, 'tcp.dst==80', false],
    ['to a port without port security', client, open, 'tcp.dst==9', true],
  ] as const) {
    const ports = await northd.delivered(network.id, packet(from, to, rest))
    assert.deepEqual(ports, isDelivered ? [to.id] : [], what)
  }
  const spoofed = packet({ ...client, mac_address: friend.mac_address }, server1, 'tcp.dst==80')
  assert.deepEqual(await northd.delivered(network.id, spoofed), [], 'port security still holds')

  await send('PUT', `/ports/${closed.id}`, { port: { security_groups: [web.id] } })
  await northd.synced()
  assert.deepEqual(await northd.delivered(network.id, packet(client, closed, 'tcp.dst==80')), [closed.id])
  await send('PUT', `/ports/${server1.id}`, { port: { security_groups: null } })
  await northd.synced()
  assert.deepEqual(await northd.delivered(network.id, packet(client, server1, 'tcp.dst==82')), [server1.id])
})
