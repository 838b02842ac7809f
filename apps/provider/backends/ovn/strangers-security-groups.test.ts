// Security groups of ovirt-provider-ovn, by the rows that it writes: they are in the API, hold for ports of both, and can be
// changed here; and what is made here has the words in which it reads them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer, type TestServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startNorthd } from './testing/northd.ts'
import { eventually, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer
const written = ['external_ids:ovirt_created_at="2026-11-23T15:05:12.168772"', 'external_ids:ovirt_revision_number=3']

/** A port group with its ACLs: [direction, action, priority, match, what it says of itself]. */
async function portGroup(
  server: TestServer,
  name: string,
  ids: string[],
  acls: [string, string, number, string, string[]][],
) {
  const commands = acls.flatMap(([direction, action, priority, match, words], index) => [
    ...['--', `--id=@acl${index}`, 'create', 'ACL', `direction=${direction}`, `action=${action}`],
    ...[`priority=${priority}`, `match="${match}"`, `external_ids:ovirt_port_group_id=${name}`],
    ...words.map((word) => `external_ids:${word}`),
  ])
  const members = `acls=${acls.map((_, index) => `@acl${index}`).join(',')}`
  const create = ['--', 'create', 'Port_Group', `name=${name}`, members, ...written, ...ids]
  const answer = await nbctl(server, ...commands.slice(1), ...create)
  return answer.split('\n').at(-1)!.trim()
}

/** The groups that it makes with the first secured port, one more, and that port in its default group. */
async function asOvirt(server: TestServer, networkId: string) {
  await portGroup(
    server,
    'DropAll',
    ['external_ids:ovirt_sec_group_name=DropAll'],
    [
      ['to-lport', 'drop', 1000, 'outport == @DropAll && ip', []],
      ['from-lport', 'drop', 1000, 'inport == @DropAll && ip', []],
    ],
  )
  const byDefault = await portGroup(
    server,
    'Default',
    ['external_ids:ovirt_sec_group_name=Default'],
    [
      [
        'from-lport',
        'allow-related',
        1001,
        'inport == @Default && ip4',
        ['ovirt_ethertype=IPv4', 'description="all egress"'],
      ],
      [
        ...(['to-lport', 'allow-related', 1001, 'outport == @Default && ip4 && ip4.src == $Default_ip4'] as const),
        ['ovirt_ethertype=IPv4', 'ovirt_remote_group_id=Default'],
      ],
    ],
  )
  const name = 'ovirt_f124f5e5_e3dc_4f18_8a62_b12ec4b8617f'
  const web = await portGroup(
    server,
    name,
    ['external_ids:ovirt_sec_group_name=web', 'external_ids:ovirt_description=WWW'],
    [
      [
        ...([
          'to-lport',
          'allow-related',
          1001,
          `outport == @${name} && ip4 && tcp && tcp.dst >= 80 && tcp.dst <= 81`,
        ] as const),
        ['ovirt_ethertype=IPv4', 'ovirt_protocol=tcp', 'ovirt_min_port=80', 'ovirt_max_port=81'],
      ],
    ],
  )
  const port = '9a0f7a5e-2f7c-4a38-bd0c-111111111111'
  const mac = '52:54:00:00:00:01'
  await nbctl(
    server,
    ...['lsp-add', networkId, port, '--', 'lsp-set-addresses', port, `${mac} 10.1.0.100`],
    ...['--', 'lsp-set-port-security', port, mac, '--', 'set', 'Logical_Switch_Port', port],
    ...['external_ids:ovirt_nic_name=nic1', 'external_ids:ovirt_security_groups=Default'],
  )
  const uuid = await nbctl(server, 'get', 'Logical_Switch_Port', port, '_uuid')
  for (const group of ['Default', 'DropAll']) await nbctl(server, 'add', 'Port_Group', group, 'ports', uuid)
  return { byDefault, web, port, uuid }
}

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  const provider = await startOvnProvider(t, server)
  const network = await makeNetwork(provider)
  const theirs = await asOvirt(server, network.id)
  await eventually(provider, `/ports/${theirs.port}`, (body) => body.port?.security_groups.length === 1)
  return { server, provider, network, theirs }
}

const membersOf = async (server: TestServer, group: string) => nbctl(server, 'get', 'Port_Group', group, 'ports')

test('they are shown with their rules, and the default one is that of every project without its own', {
  skip,
}, async (t) => {
  const { server, provider, network, theirs } = await start(t)
  const { security_groups: groups } = (await provider.send('GET', '/security-groups')).body
  assert.deepEqual(
    groups.map(({ id, name, description }: any) => [id, name, description]).sort(),
    [
      [theirs.byDefault, 'default', ''],
      [theirs.web, 'web', 'WWW'],
    ].sort(),
  )
  const web = groups.find(({ id }: any) => id === theirs.web)
  assert.deepEqual([web.revision_number, web.created_at], [3, '2026-11-23T15:05:12Z'])
  const [rule] = web.security_group_rules
  const { direction, ethertype, protocol, port_range_min, port_range_max, remote_group_id } = rule
  assert.deepEqual(
    { direction, ethertype, protocol, port_range_min, port_range_max, remote_group_id },
    {
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: 'tcp',
      port_range_min: 80,
      port_range_max: 81,
      remote_group_id: null,
    },
  )
  const { security_group_rules: ofDefault } = (await provider.send('GET', `/security-groups/${theirs.byDefault}`)).body
    .security_group
  assert.deepEqual(ofDefault.map((each: any) => [each.direction, each.remote_group_id, each.description]).sort(), [
    ['egress', null, 'all egress'],
    ['ingress', theirs.byDefault, ''],
  ])
  const { port } = (await provider.send('GET', `/ports/${theirs.port}`)).body
  assert.deepEqual([port.security_groups, port.port_security_enabled], [[theirs.byDefault], true])
  const ours = await makePort(provider, network.id)
  assert.deepEqual(ours.security_groups, [theirs.byDefault])
  assert.ok((await membersOf(server, 'DropAll')).includes(ours.id))
  assert.equal(
    (await provider.send('DELETE', `/security-groups/${theirs.byDefault}`)).body.NeutronError.type,
    'SecurityGroupCannotRemoveDefault',
  )
})

test('ports of both are let through by the rules of both, and nothing else reaches them', { skip }, async (t) => {
  const { server, provider, network, theirs } = await start(t)
  const northd = await startNorthd(t, server)
  const old = (await provider.send('GET', `/ports/${theirs.port}`)).body.port
  const fresh = await makePort(provider, network.id)
  const shop = await makePort(provider, network.id, { security_groups: [theirs.web] })
  const rule = {
    security_group_id: theirs.web,
    direction: 'ingress',
    protocol: 'udp',
    port_range_min: 53,
    port_range_max: 53,
  }
  const made = await provider.send('POST', '/security-group-rules', { security_group_rule: rule })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const delivered = (from: any, to: any, rest: string) =>
    northd.delivered(
      network.id,
      `inport=="${from.id}" && eth.src==${from.mac_address} && eth.dst==${to.mac_address} && ip.ttl==64 && ` +
        `ip4.src==${from.fixed_ips[0].ip_address} && ip4.dst==${to.fixed_ips[0].ip_address} && ${rest}`,
    )
  await northd.synced()
  for (const [what, from, to, rest, isDelivered] of [
    ['theirs to ours, both in the default group', old, fresh, 'tcp.dst==22', true],
    ['ours to theirs, both in the default group', fresh, old, 'tcp.dst==22', true],
    ['by a rule of theirs', old, shop, 'tcp.dst==81', true],
    ['by a rule of ours', old, shop, 'udp.dst==53', true],
    ['by no rule', old, shop, 'tcp.dst==22', false],
    ['out of a group that allows nothing out', shop, old, 'tcp.dst==22', false],
  ] as const)
    assert.deepEqual(await delivered(from, to, rest), isDelivered ? [to.id] : [], what)
  const dhcp = await nbctl(server, '--bare', '--columns=match', 'find', 'ACL', 'action=allow')
  assert.equal(
    dhcp,
    'inport == @DropAll && ip4 && udp.src == 68 && udp.dst == 67',
    'a guest may ask for an address, once',
  )

  const open = { port_security_enabled: false, security_groups: [] }
  assert.equal((await provider.send('PUT', `/ports/${theirs.port}`, { port: open })).status, 200)
  for (const group of ['DropAll', 'Default']) assert.ok(!(await membersOf(server, group)).includes(theirs.uuid), group)
})

test('what is made here says of itself what theirs reads', { skip }, async (t) => {
  const { server, provider, network, theirs } = await start(t)
  const { body } = await provider.send('POST', '/security-groups', {
    security_group: { name: 'mail', description: 'SMTP' },
  })
  const group = body.security_group
  const rule = {
    security_group_id: group.id,
    direction: 'ingress',
    ethertype: 'IPv6',
    remote_group_id: theirs.web,
    description: 'x',
  }
  const made = (await provider.send('POST', '/security-group-rules', { security_group_rule: rule })).body
    .security_group_rule
  const port = await makePort(provider, network.id, { security_groups: [group.id, theirs.web] })
  const idsOf = async (table: string, id: string) =>
    (await nbctl(server, 'get', table, id, 'external_ids')).replaceAll('"', '')
  const name = `ovirt_${group.id.replaceAll('-', '_')}`
  for (const [table, id, words] of [
    ['Port_Group', name, ['ovirt_sec_group_name=mail', 'ovirt_description=SMTP', 'ovirt_revision_number=2']],
    ['ACL', made.id, [`ovirt_port_group_id=${name}`, 'ovirt_ethertype=IPv6', 'ovirt_rule_description=x']],
    ['ACL', made.id, ['ovirt_remote_group_id=ovirt_f124f5e5_e3dc_4f18_8a62_b12ec4b8617f']],
    ['Logical_Switch_Port', port.id, [`ovirt_security_groups=${group.id} ${theirs.web}`]],
  ] as const)
    for (const word of words) assert.ok((await idsOf(table, id)).includes(word), `${table}: ${word}`)
})
