// The other side of the error contract: what Neutron accepts and answers is accepted and answered.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mac, startFilled } from './refusals.ts'

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
