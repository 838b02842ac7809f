// Address pairs and IPv6 on OVN: what the API says of them, what the rows say, and what OVN's flows then do to packets.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startTestProvider } from '../../testing/test-provider.ts'
import { startNorthd } from './testing/northd.ts'

const skip = noOvsdbServer ?? false

async function start(t: TestContext, subnet: object) {
  const server = await startOvsdbServer(t)
  const provider = await startTestProvider(t, { ovn: { remotes: [server.remote], tls: undefined } })
  const make = async (type: string, attributes: object) => {
    const { status, body } = await provider.send('POST', `/${type}s`, { [type]: attributes })
    assert.equal(status, 201, JSON.stringify(body))
    return body[type]
  }
  const network = await make('network', { name: 'blue' })
  const made = await make('subnet', { network_id: network.id, ...subnet })
  const column = (table: string, id: string, name: string) =>
    execFileSync('ovn-nbctl', [`--db=${server.remote}`, '--bare', 'get', table, id, name], { encoding: 'utf8' }).trim()
  const port = (attributes: object = {}) => make('port', { network_id: network.id, ...attributes })
  return { ...provider, network, subnet: made, port, column, northd: await startNorthd(t, server) }
}

test('a port may send from the addresses of its pairs, and from no others', { skip }, async (t) => {
  const { send, network, port, northd } = await start(t, { ip_version: 4, cidr: '10.0.0.0/24' })
  const other = '02:00:00:00:00:99'
  const peer = await port()
  const sender = await port({ allowed_address_pairs: [{ ip_address: '10.0.0.200' }] })
  const path = `/ports/${sender.id}`
  // The row's addresses are a set, in which the pair's MAC comes first.
  const pairs = [{ ip_address: '10.0.0.200' }, { ip_address: '192.0.2.77', mac_address: other }]
  const changed = (await send('PUT', path, { port: { allowed_address_pairs: pairs } })).body.port
  assert.deepEqual((await send('GET', path)).body.port, changed)
  assert.deepEqual([changed.mac_address, changed.fixed_ips], [sender.mac_address, sender.fixed_ips])
  await northd.synced()
  const from = (mac: string, ip: string) =>
    northd.delivered(
      network.id,
      `inport=="${sender.id}" && eth.src==${mac} && eth.dst==${peer.mac_address} && ip.ttl==64 && ` +
        `ip4.src==${ip} && ip4.dst==${peer.fixed_ips[0].ip_address} && udp.dst==9`,
    )
  await send('PUT', `/ports/${peer.id}`, { port: { security_groups: [], port_security_enabled: false } })
  await northd.synced()
  for (const [mac, ip, isDelivered] of [
    [sender.mac_address, sender.fixed_ips[0].ip_address, true],
    [sender.mac_address, '10.0.0.200', true],
    [other, '192.0.2.77', true],
    [other, '192.0.2.78', false],
    [sender.mac_address, '192.0.2.77', false],
    [other, '10.0.0.200', false],
    [sender.mac_address, '10.0.0.201', false],
  ] as const)
    assert.deepEqual(await from(mac, ip), isDelivered ? [peer.id] : [], `from ${mac} ${ip}`)
  assert.deepEqual(
    (await send('PUT', path, { port: { allowed_address_pairs: [] } })).body.port.mac_address,
    sender.mac_address,
  )
  await northd.synced()
  assert.deepEqual(await from(other, '192.0.2.77'), [])
})

test('an IPv6 subnet gives addresses, and DHCPv6 answers where it is to', { skip }, async (t) => {
  const { network, subnet, port, column, northd } = await start(t, {
    ip_version: 6,
    cidr: 'fd00:1::/64',
    ipv6_address_mode: 'dhcpv6-stateful',
    dns_nameservers: ['fd00:1::53'],
  })
  const [one, two] = [await port(), await port({ fixed_ips: [{ ip_address: 'fd00:1::abcd' }] })]
  assert.match(one.fixed_ips[0].ip_address, /^fd00:1::/)
  assert.equal(column('Logical_Switch_Port', one.id, 'dhcpv6_options'), subnet.id)
  assert.match(column('DHCP_Options', subnet.id, 'options'), /dns_server.*fd00:1::53.*server_id/)
  await northd.synced()
  const flow =
    `inport=="${one.id}" && eth.src==${one.mac_address} && eth.dst==${two.mac_address} && ip.ttl==64 && ` +
    `ip6.src==${one.fixed_ips[0].ip_address} && ip6.dst==fd00:1::abcd && tcp.dst==22`
  assert.deepEqual(await northd.delivered(network.id, flow), [two.id])
})

test('a subnet without an address mode leaves DHCPv6 to others; SLAAC forms addresses', { skip }, async (t) => {
  const { subnet, port, column } = await start(t, { ip_version: 6, cidr: 'fd00:2::/64', ipv6_address_mode: 'slaac' })
  const { fixed_ips } = await port({ mac_address: 'fa:16:3e:00:00:01' })
  assert.deepEqual(fixed_ips, [{ subnet_id: subnet.id, ip_address: 'fd00:2::f816:3eff:fe00:1' }])
  assert.equal(column('DHCP_Options', subnet.id, 'options'), '{}')
})
