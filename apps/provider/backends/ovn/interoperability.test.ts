// What ovn-nbctl and ovirt-provider-ovn made is in the API, can be changed and removed there, and keeps what they wrote.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer, type TestServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startNorthd } from './testing/northd.ts'
import { eventually, exhaust, ipsOf, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer
const mac = (last: string) => `52:54:00:00:00:${last}`

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  return { server, provider: await startOvnProvider(t, server) }
}

/** Its column or key, as ovn-nbctl prints it. */
const get = (server: TestServer, table: string, record: string, what: string) =>
  nbctl(server, '--if-exists', 'get', table, record, what)

/** The rows that ovirt-provider-ovn writes for a network with a subnet and a port. */
async function asOvirt(server: TestServer) {
  const nb = (...args: string[]) => nbctl(server, ...args)
  const ids = 'external_ids:ovirt_network_name=red external_ids:mtu=1300 external_ids:ovirt_port_security=false'.split(
    ' ',
  )
  const id = await nb('create', 'Logical_Switch', 'name=ovirt-red-1', 'other_config:subnet=10.1.0.0/29', ...ids)
  const dhcp = await nb(
    'create',
    'DHCP_Options',
    'cidr=10.1.0.0/29',
    `external_ids:ovirt_network_id=${id}`,
    'external_ids:ovirt_name=red-v4',
    'external_ids:ovirt_ip_version=4',
    'options:server_id=10.1.0.0',
    'options:server_mac="02:00:00:00:00:01"',
    'options:lease_time=86400',
    'options:router=10.1.0.1',
    'options:dns_server=8.8.8.8',
  )
  const port = '9a0f7a5e-2f7c-4a38-bd0c-111111111111'
  await nb(
    ...['lsp-add', id, port, '--', 'lsp-set-addresses', port, `${mac('01')} dynamic`],
    ...['--', 'lsp-set-dhcpv4-options', port, dhcp, '--', 'lsp-set-options', port, 'requested-chassis=h1', 'other=1'],
    ...[
      '--',
      'set',
      'Logical_Switch_Port',
      port,
      'external_ids:ovirt_nic_name=nic1',
      'external_ids:ovirt_device_id=vm1',
    ],
    ...['external_ids:ovirt_device_owner=oVirt', 'external_ids:ovirt_security_groups="a b"'],
  )
  return { id, dhcp, port }
}

test('what ovirt-provider-ovn made looks as if it had been made here', { skip }, async (t) => {
  const { server, provider } = await start(t)
  const { id, dhcp, port } = await asOvirt(server)
  await startNorthd(t, server)
  const made = await eventually(provider, `/ports/${port}`, (body) => body.port?.fixed_ips.length === 1)
  const { name, device_id, device_owner, mac_address, network_id, fixed_ips, 'binding:host_id': host } = made.port
  assert.deepEqual(
    { name, device_id, device_owner, mac_address, network_id, host },
    { name: 'nic1', device_id: 'vm1', device_owner: 'oVirt', mac_address: mac('01'), network_id: id, host: 'h1' },
  )
  assert.deepEqual(fixed_ips, [{ subnet_id: dhcp, ip_address: '10.1.0.2' }], 'what OVN gave it')
  const { network } = (await provider.send('GET', `/networks/${id}`)).body
  assert.deepEqual([network.name, network.mtu, network.subnets], ['red', 1300, [dhcp]])
  const { subnet } = (await provider.send('GET', `/subnets/${dhcp}`)).body
  assert.deepEqual([subnet.name, subnet.gateway_ip, subnet.dns_nameservers], ['red-v4', '10.1.0.1', ['8.8.8.8']])
  assert.deepEqual((await provider.send('GET', '/ports?device_id=vm1')).body.ports.length, 1)
  assert.deepEqual((await exhaust(provider, id)).sort(), ['10.1.0.3', '10.1.0.4', '10.1.0.5', '10.1.0.6'])
})

test('what ovirt-provider-ovn made can be changed, and keeps what it wrote', { skip }, async (t) => {
  const { server, provider } = await start(t)
  const { id, dhcp, port } = await asOvirt(server)
  await eventually(provider, `/ports/${port}`, (_, status) => status === 200)
  const change = { name: 'nic2', 'binding:host_id': 'h2', admin_state_up: false }
  const changes: [string, object][] = [
    [`/ports/${port}`, { port: change }],
    [`/networks/${id}`, { network: { name: 'blue', mtu: 1200 } }],
    [`/subnets/${dhcp}`, { subnet: { dns_nameservers: ['9.9.9.9'] } }],
  ]
  for (const [path, body] of changes) {
    const { status, body: answer } = await provider.send('PUT', path, body)
    assert.deepEqual([path, status, answer], [path, 200, answer])
    const [[, wanted]] = Object.entries(body) as [[string, object]]
    const now = Object.values((await provider.send('GET', path)).body)[0] as object
    assert.deepEqual({ ...now, ...wanted }, now)
  }
  const row = (what: string) => get(server, 'Logical_Switch_Port', port, what)
  assert.deepEqual(
    [await row('external_ids:ovirt_security_groups'), await row('options'), await row('external_ids:ovirt_nic_name')],
    ['"a b"', '{other="1", requested-chassis=h2}', 'nic2'],
  )
  assert.deepEqual(
    [await row('name'), await row('addresses'), await row('enabled')],
    [`"${port}"`, `["${mac('01')} dynamic"]`, 'false'],
  )
  const network = (what: string) => get(server, 'Logical_Switch', id, what)
  assert.deepEqual(
    [await network('other_config:subnet'), await network('external_ids:mtu')],
    ['"10.1.0.0/29"', '"1200"'],
  )
  const options = (what: string) => get(server, 'DHCP_Options', dhcp, what)
  assert.deepEqual(
    [await options('external_ids:ovirt_ip_version'), await options('options:dns_server')],
    ['"4"', '"9.9.9.9"'],
  )
})

test('what ovirt-provider-ovn made can be removed: port, subnet, network', { skip }, async (t) => {
  const { server, provider } = await start(t)
  const { id, dhcp, port } = await asOvirt(server)
  await eventually(provider, `/ports/${port}`, (_, status) => status === 200)
  assert.equal((await provider.send('DELETE', `/networks/${id}`)).status, 409)
  for (const path of [`/ports/${port}`, `/subnets/${dhcp}`, `/networks/${id}`]) {
    const { status, body } = await provider.send('DELETE', path)
    assert.deepEqual([path, status, body], [path, 204, undefined])
    assert.equal((await provider.send('GET', path)).status, 404)
  }
  for (const table of ['Logical_Switch', 'Logical_Switch_Port', 'DHCP_Options'])
    assert.equal(await nbctl(server, '--columns=_uuid', '--bare', 'list', table), '', table)
})

test('ports by ovn-nbctl keep their addresses for themselves, whatever kind of port they are', { skip }, async (t) => {
  const { server, provider } = await start(t)
  const { id, subnetId } = await makeNetwork(provider, '10.1.0.0/28')
  const free = ['10.1.0.10', '10.1.0.11', '10.1.0.12', '10.1.0.13', '10.1.0.14']
  const ports: [name: string, ...addresses: string[]][] = [
    ['one', `${mac('02')} 10.1.0.2`],
    ['two', `${mac('03')} 10.1.0.3 10.1.0.4`, `${mac('04')} 10.1.0.5`],
    ['unknown', 'unknown', `${mac('05')} 10.1.0.6`],
    ['same-mac', `${mac('02')} 10.1.0.7`],
    ['same-address', `${mac('06')} 10.1.0.7`],
    ['no-mac'],
    ['elsewhere', `${mac('07')} 172.16.0.1`],
    ['meta', `${mac('08')} 10.1.0.8`],
    ['vip', `${mac('09')} 10.1.0.9`],
  ]
  // Not lsp-set-addresses: it refuses what other programs do.
  for (const [name, ...addresses] of ports)
    await nbctl(
      server,
      'lsp-add',
      id,
      name,
      '--',
      'set',
      'Logical_Switch_Port',
      name,
      `addresses=${JSON.stringify(addresses)}`,
    )
  await nbctl(server, 'lsp-set-type', 'meta', 'localport', '--', 'lsp-set-type', 'vip', 'virtual')
  const isRight = ({ ports: found }: any) => found.length === 7
  const { ports: found } = await eventually(provider, `/ports?network_id=${id}`, isRight)
  assert.deepEqual(found.map((port: any) => [port.mac_address, ...ipsOf(port)]).sort(), [
    ['', ...[]],
    [mac('02'), '10.1.0.2'],
    [mac('02'), '10.1.0.7'],
    [mac('03'), '10.1.0.3', '10.1.0.4', '10.1.0.5'],
    [mac('05'), '10.1.0.6'],
    [mac('06'), '10.1.0.7'],
    [mac('07')],
  ])
  assert.deepEqual((await exhaust(provider, id)).sort(), free)
  const removed = found.find((port: any) => port.mac_address === mac('06'))
  assert.equal((await provider.send('DELETE', `/ports/${removed.id}`)).status, 204)
  assert.deepEqual(await exhaust(provider, id), [], 'the other port still has the address')
  await nbctl(server, 'lsp-del', 'same-mac', '--', 'lsp-del', 'meta')
  await eventually(provider, `/ports?network_id=${id}&mac_address=${mac('02')}`, (body) => body.ports.length === 1)
  assert.deepEqual((await exhaust(provider, id)).sort(), ['10.1.0.7', '10.1.0.8'])
  assert.equal((await provider.send('DELETE', `/subnets/${subnetId}`)).status, 409)
})

test('a switch by ovn-nbctl is a network that takes subnets and ports', { skip }, async (t) => {
  const { server, provider } = await start(t)
  await nbctl(
    server,
    'ls-add',
    'bare',
    '--',
    'lsp-add',
    'bare',
    'vm1',
    '--',
    'lsp-set-addresses',
    'vm1',
    `${mac('02')} 10.1.0.2`,
  )
  const { networks } = await eventually(provider, '/networks?name=bare', (body) => body.networks.length === 1)
  const { id } = networks[0]
  const subnet = { network_id: id, ip_version: 4, cidr: '10.1.0.0/29' }
  const made = await provider.send('POST', '/subnets', { subnet })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const [port] = (await provider.send('GET', `/ports?network_id=${id}`)).body.ports
  assert.deepEqual(ipsOf(port), ['10.1.0.2'], 'the address of the port that was there before the subnet')
  assert.deepEqual((await exhaust(provider, id)).sort(), ['10.1.0.3', '10.1.0.4', '10.1.0.5', '10.1.0.6'])
  const change = { fixed_ips: [], mac_address: mac('0a'), port_security_enabled: true }
  assert.equal((await provider.send('PUT', `/ports/${port.id}`, { port: change })).status, 200)
  assert.equal(await get(server, 'Logical_Switch_Port', 'vm1', 'addresses'), `["${mac('0a')}"]`)
  assert.deepEqual(ipsOf(await makePort(provider, id)), ['10.1.0.2'])
})

test('a port without any address can be changed, and nothing is made up for it', { skip }, async (t) => {
  const { server, provider } = await start(t)
  await nbctl(server, 'ls-add', 'bare', '--', 'lsp-add', 'bare', 'vm1')
  const { ports } = await eventually(provider, '/ports', (body) => body.ports.length === 1)
  const change = { port: { name: 'nic1', port_security_enabled: true } }
  const { status, body } = await provider.send('PUT', `/ports/${ports[0].id}`, change)
  assert.deepEqual([status, body.port?.mac_address, body.port?.fixed_ips], [200, '', []])
  assert.equal(await get(server, 'Logical_Switch_Port', 'vm1', 'addresses'), '[]')
})
