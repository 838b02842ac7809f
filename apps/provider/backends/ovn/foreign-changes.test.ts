// What others do to rows while the provider runs, or while it is away: the mirror follows, and no address is given twice.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startTcpProxy } from '@patchbay/ovsdb/testing/tcp-proxy.ts'
import { eventually, exhaust, ipsOf, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer
const small = '10.1.0.0/29'
const all = ['10.1.0.2', '10.1.0.3', '10.1.0.4', '10.1.0.5', '10.1.0.6']

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  const provider = await startOvnProvider(t, server)
  return {
    provider,
    nb: (...args: string[]) => nbctl(server, ...args),
    server,
    ...(await makeNetwork(provider, small)),
  }
}

test('a network that others remove takes its ports and subnets with it', { skip }, async (t) => {
  const { provider, nb, id, subnetId } = await start(t)
  const port = await makePort(provider, id)
  await nb('ls-del', id)
  await eventually(provider, `/networks/${id}`, (_, status) => status === 404)
  for (const path of [`/ports/${port.id}`, `/subnets/${subnetId}`])
    assert.equal((await provider.send('GET', path)).status, 404, path)
  for (const list of ['ports', 'subnets', 'networks'])
    assert.deepEqual((await provider.send('GET', `/${list}`)).body, { [list]: [] })
})

test('a subnet whose network comes later is shown when it is there', { skip }, async (t) => {
  const { provider, nb } = await start(t)
  const id = '6e4ee5a4-14dd-4ee1-a0a5-5c4e0f4a5f5e'
  const dhcp = await nb('create', 'DHCP_Options', 'cidr=10.3.0.0/30', `external_ids:ovirt_network_id=${id}`)
  // Something that comes after it.
  await nb('ls-add', 'later')
  await eventually(provider, '/networks?name=later', (body) => body.networks.length === 1)
  assert.equal((await provider.send('GET', `/subnets/${dhcp}`)).status, 404)
  await nb(`--id=${id}`, 'create', 'Logical_Switch', 'name=late')
  const { network } = await eventually(provider, `/networks/${id}`, (_, status) => status === 200)
  assert.deepEqual(network.subnets, [dhcp])
  assert.deepEqual(ipsOf(await makePort(provider, id)), ['10.3.0.2'])
})

test('a subnet that others remove leaves ports that can be used and removed', { skip }, async (t) => {
  const { provider, nb, id, subnetId } = await start(t)
  const port = await makePort(provider, id, { fixed_ips: [{ ip_address: '10.1.0.4' }] })
  await nb('destroy', 'DHCP_Options', subnetId)
  await eventually(provider, `/subnets/${subnetId}`, (_, status) => status === 404)
  const { body } = await provider.send('GET', `/ports/${port.id}`)
  assert.deepEqual(body.port.fixed_ips, [])
  assert.deepEqual((await provider.send('GET', `/networks/${id}`)).body.network.subnets, [])
  const renamed = await provider.send('PUT', `/ports/${port.id}`, { port: { name: 'still here' } })
  assert.equal(renamed.status, 200, JSON.stringify(renamed.body))
  const subnet = { network_id: id, ip_version: 4, cidr: small }
  assert.equal((await provider.send('POST', '/subnets', { subnet })).status, 201)
  const again = (await provider.send('GET', `/ports/${port.id}`)).body.port
  assert.deepEqual(ipsOf(again), ['10.1.0.4'], 'its row still has the address')
  assert.deepEqual((await exhaust(provider, id)).sort(), ['10.1.0.2', '10.1.0.3', '10.1.0.5', '10.1.0.6'])
  assert.equal((await provider.send('DELETE', `/ports/${port.id}`)).status, 204)
})

test('a port that others give another address holds that one, and no longer the old one', { skip }, async (t) => {
  const { provider, nb, id } = await start(t)
  const port = await makePort(provider, id, { fixed_ips: [{ ip_address: '10.1.0.4' }] })
  await nb('lsp-set-addresses', port.id, `${port.mac_address} 10.1.0.6`)
  await eventually(provider, `/ports/${port.id}`, (body) => ipsOf(body.port)[0] === '10.1.0.6')
  assert.deepEqual((await exhaust(provider, id)).sort(), ['10.1.0.2', '10.1.0.3', '10.1.0.4', '10.1.0.5'])
})

test('a port that others move to another switch is a port of that network, and can be removed there', {
  skip,
}, async (t) => {
  const { provider, nb, id } = await start(t)
  const other = await makeNetwork(provider, '10.2.0.0/24')
  const port = await makePort(provider, id)
  await nb('remove', 'Logical_Switch', id, 'ports', port.id, '--', 'add', 'Logical_Switch', other.id, 'ports', port.id)
  const { port: moved } = await eventually(provider, `/ports/${port.id}`, (body) => body.port.network_id === other.id)
  assert.deepEqual(moved.fixed_ips, [], 'its address is of the other subnet')
  assert.deepEqual((await exhaust(provider, id)).sort(), all)
  assert.equal((await provider.send('DELETE', `/networks/${other.id}`)).status, 409)
  assert.equal((await provider.send('DELETE', `/ports/${port.id}`)).status, 204)
  assert.equal((await provider.send('GET', `/ports/${port.id}`)).status, 404)
  assert.equal((await provider.send('DELETE', `/networks/${other.id}`)).status, 204)
})

test('a port that becomes one of a router is no longer shown, and keeps its address', { skip }, async (t) => {
  const { provider, nb, id } = await start(t)
  const port = await makePort(provider, id, { fixed_ips: [{ ip_address: '10.1.0.4' }] })
  await nb('lsp-set-type', port.id, 'router')
  await eventually(provider, `/ports/${port.id}`, (_, status) => status === 404)
  assert.deepEqual((await exhaust(provider, id)).sort(), ['10.1.0.2', '10.1.0.3', '10.1.0.5', '10.1.0.6'])
  await nb('lsp-set-type', port.id, '')
  const { port: back } = await eventually(provider, `/ports/${port.id}`, (_, status) => status === 200)
  assert.deepEqual([ipsOf(back), back.network_id], [['10.1.0.4'], id])
})

test('a network is on a physical network as long as it has a localnet port', { skip }, async (t) => {
  const { provider, nb, id } = await start(t)
  const segment = ({ network }: any) =>
    ['network_type', 'physical_network', 'segmentation_id'].map((key) => network[`provider:${key}`])
  const becomes = (...expected: unknown[]) =>
    eventually(provider, `/networks/${id}`, (body) => String(segment(body)) === String(expected))
  await nb(
    'lsp-add',
    id,
    'ln',
    '--',
    'lsp-set-type',
    'ln',
    'localnet',
    '--',
    'lsp-set-options',
    'ln',
    'network_name=phys1',
  )
  await becomes('flat', 'phys1', null)
  await nb('set', 'Logical_Switch_Port', 'ln', 'tag=100')
  await becomes('vlan', 'phys1', 100)
  await nb('lsp-del', 'ln')
  await becomes('geneve', null, null)
})

const nonsense: [what: string, command: (id: string, port: string) => string[]][] = [
  ['our JSON of a port', (_, port) => ['set', 'Logical_Switch_Port', port, 'external_ids:patchbay="{"']],
  ['its addresses', (_, port) => ['set', 'Logical_Switch_Port', port, 'external_ids:patchbay="{\\"fixed_ips\\":7}"']],
  ['our JSON of a network', (id) => ['set', 'Logical_Switch', id, 'external_ids:patchbay=null']],
  ['a setting', () => ['set', 'NB_Global', '.', 'external_ids:patchbay_setting\\:x=nonsense']],
]

for (const [what, command] of nonsense)
  test(`nonsense that somebody writes to ${what} does not stop the mirror`, { skip }, async (t) => {
    const { provider, nb, id } = await start(t)
    await nb('init')
    const port = await makePort(provider, id)
    await nb(...command(id, port.id), '--', 'ls-add', 'after')
    await eventually(provider, '/networks?name=after', (body) => body.networks.length === 1)
    assert.equal((await provider.send('GET', `/ports/${port.id}`)).status, 200)
    const rest = all.filter((ip) => !ipsOf(port).includes(ip))
    assert.deepEqual((await exhaust(provider, id)).sort(), rest)
  })

test('what others did while the connection was away is caught up with', { skip }, async (t) => {
  const { server, id, provider: first, nb } = await start(t)
  const proxy = await startTcpProxy(t, { path: server.file('sock') })
  const provider = await startOvnProvider(t, proxy)
  const [gone, changed, stays] = [await makePort(first, id), await makePort(first, id), await makePort(first, id)]
  await eventually(provider, '/ports', ({ ports }) => ports.length === 3)
  proxy.hold()
  await nb('lsp-del', gone.id, '--', 'lsp-set-addresses', changed.id, `${changed.mac_address} 10.1.0.6`)
  await nb(
    'ls-add',
    'new',
    '--',
    'lsp-add',
    id,
    'vm1',
    '--',
    'lsp-set-addresses',
    'vm1',
    `52:54:00:00:00:01 ${ipsOf(changed)[0]}`,
  )
  proxy.release()
  const { ports } = await eventually(provider, '/networks?name=new', ({ networks }) => networks?.length === 1).then(
    async () => (await provider.send('GET', '/ports')).body,
  )
  assert.deepEqual(ports.flatMap(ipsOf).sort(), [ipsOf(changed)[0], ipsOf(stays)[0], '10.1.0.6'].sort())
  const taken = new Set(ports.flatMap(ipsOf))
  assert.deepEqual(
    (await exhaust(provider, id)).sort(),
    all.filter((ip) => !taken.has(ip)),
  )
})
