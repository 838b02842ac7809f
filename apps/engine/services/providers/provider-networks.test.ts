// What a provider has, seen through the engine: networks that are imported, subnets that are managed.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { importNetwork, makeNetwork, referenceTo, setScene, startTestEngine } from '../../testing/test-engine.ts'

test("a provider's networks are listed with its own ids", async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, externalId, dataCenterId } = await setScene(engine, provider)
  const other = await makeNetwork(provider, 'red')
  const base = `/openstacknetworkproviders/${providerId}/networks`
  assert.deepEqual(
    (await engine.list(base)).map(({ id, name }) => [id, name]).sort(),
    [
      [externalId, 'blue'],
      [other, 'red'],
    ].sort(),
  )
  const { mtu, description, network_type, segmentation_id, port_security_enabled, ...shown } = await engine.ask(
    'GET',
    `${base}/${other}`,
  )
  assert.deepEqual([mtu, port_security_enabled], ['1450', 'true'])
  assert.deepEqual(shown, {
    id: other,
    href: `/ovirt-engine/api${base}/${other}`,
    name: 'red',
    openstack_network_provider: referenceTo('openstacknetworkproviders', providerId),
    data_centers: { data_center: [] },
    link: ['subnets', 'ports'].map((rel) => ({ rel, href: `/ovirt-engine/api${base}/${other}/${rel}` })),
    actions: { link: [{ rel: 'import', href: `/ovirt-engine/api${base}/${other}/import` }] },
  })
  const { data_centers } = await engine.ask('GET', `${base}/${externalId}`)
  assert.deepEqual(data_centers, { data_center: [referenceTo('datacenters', dataCenterId)] })
})

test('an imported network has a vNIC profile of its name, and what the provider says of it', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, dataCenterId } = await setScene(engine, provider)
  const made = await provider.send('POST', '/networks', {
    network: { name: 'a network with a long name', description: 'words', mtu: 1400 },
  })
  const { networkId, profileId } = await importNetwork(engine, {
    providerId,
    dataCenterId,
    externalId: made.body.network.id,
  })
  const network = await engine.ask('GET', `/networks/${networkId}`)
  assert.deepEqual(
    [network.name, network.description, network.mtu, network.usages, network.external_provider, network.data_center],
    [
      'a network with a long name',
      'words',
      '1400',
      { usage: ['vm'] },
      referenceTo('openstacknetworkproviders', providerId),
      referenceTo('datacenters', dataCenterId),
    ],
  )
  assert.equal(network.vdsm_name, `on${networkId.replaceAll('-', '').slice(0, 13)}`)
  const profile = await engine.ask('GET', `/vnicprofiles/${profileId}`)
  assert.deepEqual([profile.name, profile.network], [network.name, referenceTo('networks', networkId)])
  const [event] = await engine.list('/events')
  assert.deepEqual(
    [event.code, event.description],
    ['10920', 'Successfully initiated import of external network a network with a long name from provider sdn.'],
  )
})

test('a short name is also the name on hosts; a network without one is called by its id', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  assert.equal((await engine.ask('GET', `/networks/${scene.networkId}`)).vdsm_name, 'blue')
  const externalId = await makeNetwork(provider, '')
  const { networkId } = await importNetwork(engine, { ...scene, externalId })
  assert.equal((await engine.ask('GET', `/networks/${networkId}`)).name, externalId)
})

test('a second import into the same data center is refused by the name, and by the network when the name differs', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, dataCenterId, externalId } = await setScene(engine, provider)
  const path = `/openstacknetworkproviders/${providerId}/networks/${externalId}/import`
  const again = () => engine.send('POST', path, { data_center: { id: dataCenterId } })

  const byName = await again()
  assert.deepEqual([byName.status, byName.body.status, byName.body.fault.reason], [409, 'failed', 'Operation Failed'])
  assert.equal(
    byName.body.fault.detail,
    "[Cannot add Network. The name of the logical network 'blue' is already used by an existing logical network in the same data-center.\n-Please choose a different name.]",
  )
  await provider.send('PUT', `/networks/${externalId}`, { network: { name: 'azure' } })
  const byNetwork = await again()
  assert.equal(byNetwork.status, 409)
  assert.match(byNetwork.body.fault.detail, /The external network already exists as 'blue' in the data center/)

  const other = await makeNetwork(provider, 'blue')
  const namesake = await engine.send('POST', path.replace(externalId, other), { data_center: { id: dataCenterId } })
  assert.equal(namesake.status, 409, 'another network with a name that is used')
  assert.equal((await engine.list('/networks')).length, 1)
  assert.equal((await engine.list('/vnicprofiles')).length, 1)
})

test('of several imports at once, one succeeds', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, dataCenterId } = await setScene(engine, provider)
  const externalId = await makeNetwork(provider, 'red')
  const path = `/openstacknetworkproviders/${providerId}/networks/${externalId}/import`
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => engine.send('POST', path, { data_center: { id: dataCenterId } })),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409])
  assert.equal((await engine.list('/networks?search=name%3Dred')).length, 1)
})

test('a network can be imported into a second data center', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, externalId } = await setScene(engine, provider)
  const second = await engine.ask('POST', '/datacenters', { name: 'second' })
  const path = `/openstacknetworkproviders/${providerId}/networks/${externalId}/import`
  await engine.ask('POST', path, { data_center: { name: 'second' } })
  const networks = await engine.list('/networks')
  assert.deepEqual(networks.map(({ name, data_center }) => [name, data_center.id]).at(-1), ['blue', second.id])
  const cluster = await engine.ask('POST', '/clusters', { name: 'c2', data_center: { id: second.id } })
  const attached = await engine.ask('POST', `/clusters/${cluster.id}/networks`, { name: 'blue', required: 'false' })
  assert.equal(attached.id, networks.at(-1).id, 'the name means the network of the data center of the cluster')
})

test('what is imported must exist, and so must its data center', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, externalId, dataCenterId } = await setScene(engine, provider)
  const base = `/openstacknetworkproviders/${providerId}/networks`
  for (const id of ['00000000-0000-0000-0000-000000000000', 'x', 'a%2Fb', "'"]) {
    const { status, body } = await engine.send('POST', `${base}/${id}/import`, { data_center: { id: dataCenterId } })
    assert.deepEqual([status, body.status], [404, 'failed'], id)
    assert.match(body.fault.detail, /^\[Network .* does not exist\.\]$/)
    assert.equal((await engine.send('GET', `${base}/${id}`)).status, 404)
  }
  const nowhere = await engine.send('POST', `${base}/${externalId}/import`, { data_center: { name: 'other' } })
  assert.equal(nowhere.status, 404)
  const unsaid = await engine.send('POST', `${base}/${externalId}/import`, {})
  assert.deepEqual([unsaid.status, unsaid.body.fault.reason], [400, 'Incomplete parameters'])
  const wrong = await engine.send('POST', `${base}/${externalId}/import`, { data_center: 'dc' })
  assert.deepEqual([wrong.status, wrong.body.fault.reason], [400, 'Invalid value'])
})

test('a read-only provider gives its networks all the same, but not its subnets away', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, dataCenterId, externalId } = await setScene(engine, provider)
  const base = `/openstacknetworkproviders/${providerId}/networks`
  const subnets = `${base}/${externalId}/subnets`
  const { id: subnetId } = await engine.ask('POST', subnets, { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' })
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { read_only: 'true' })

  await importNetwork(engine, { providerId, dataCenterId, externalId: await makeNetwork(provider, 'red') })
  assert.equal((await engine.list(subnets)).length, 1)
  for (const [method, path, body, action] of [
    ['POST', subnets, { name: 't', cidr: '10.1.0.0/24', ip_version: 'v4' }, 'add Subnet'],
    ['DELETE', `${subnets}/${subnetId}`, undefined, 'remove Subnet'],
  ] as const) {
    const refusal = await engine.send(method, path, body)
    assert.equal(refusal.status, 400)
    assert.equal(refusal.body.detail, `[Cannot ${action}. External network provider sdn is read only.]`)
  }
  assert.equal((await provider.send('GET', '/subnets')).body.subnets.length, 1)
})

test('the flag does not count for a provider of type neutron', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { id } = await engine.ask('POST', '/openstacknetworkproviders', {
    name: 'neutron',
    type: 'neutron',
    url: provider.url,
    external_plugin_type: 'OVN',
    read_only: 'true',
  })
  const externalId = await makeNetwork(provider, 'red')
  const subnets = `/openstacknetworkproviders/${id}/networks/${externalId}/subnets`
  await engine.ask('POST', subnets, { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' })
})

test('a subnet is added as the real engine does it, shown, and removed', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, externalId } = await setScene(engine, provider)
  const subnets = `/openstacknetworkproviders/${providerId}/networks/${externalId}/subnets`
  const { status, headers, body } = await engine.send('POST', subnets, {
    name: 'blue-v4',
    cidr: '10.0.0.0/24',
    ip_version: 'v4',
    gateway: '10.0.0.1',
    dns_servers: { dns_server: ['10.0.0.2', '10.0.0.3'] },
  })
  assert.equal(status, 201)
  assert.equal(headers.get('location'), body.href)
  assert.deepEqual(body, {
    id: body.id,
    href: `/ovirt-engine/api${subnets}/${body.id}`,
    name: 'blue-v4',
    cidr: '10.0.0.0/24',
    ip_version: 'v4',
    gateway: '10.0.0.1',
    dns_servers: { dns_server: ['10.0.0.2', '10.0.0.3'] },
    openstack_network: { id: externalId },
    allocation_pools: { allocation_pool: [{ start: '10.0.0.2', end: '10.0.0.254' }] },
    dhcp: 'true',
  })
  assert.deepEqual(await engine.list(subnets), [body])
  assert.deepEqual(await engine.ask('GET', `${subnets}/${body.id}`), body)

  const [external] = (await provider.send('GET', '/subnets')).body.subnets
  const [network] = (await provider.send('GET', '/networks')).body.networks
  assert.deepEqual([external.enable_dhcp, external.tenant_id], [true, network.tenant_id])

  assert.deepEqual(await engine.ask('DELETE', `${subnets}/${body.id}`), { status: 'complete' })
  assert.equal((await engine.send('GET', `${subnets}/${body.id}`)).status, 404)
  assert.equal((await engine.send('DELETE', `${subnets}/${body.id}`)).status, 404)
  const told = (await engine.list('/events')).map(({ code, description }) => `${code} ${description}`)
  assert.ok(told.includes('1142 Subnet blue-v4 was added on provider sdn.'))
  assert.ok(told.includes('1140 Subnet blue-v4 was removed from provider sdn.'))
})

test('a subnet of another network is not found below this one', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, externalId } = await setScene(engine, provider)
  const subnets = (network: string) => `/openstacknetworkproviders/${providerId}/networks/${network}/subnets`
  const { id } = await engine.ask('POST', subnets(externalId), { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' })
  const other = await makeNetwork(provider, 'red')
  assert.equal((await engine.send('GET', `${subnets(other)}/${id}`)).status, 404)
  assert.equal((await engine.send('DELETE', `${subnets(other)}/${id}`)).status, 404)
  assert.equal((await engine.list(subnets(externalId))).length, 1)
})

for (const [what, change, status, detail] of [
  ['no name', { name: undefined }, 400, /OpenStackSubnet \[name\] required/],
  ['no CIDR', { cidr: undefined }, 400, /OpenStackSubnet \[cidr\] required/],
  ['no IP version', { ip_version: undefined }, 400, /OpenStackSubnet \[ip_version\] required/],
  ['an IP version that there is not', { ip_version: 'v5' }, 400, /must be one of v4, v6/],
  ['a CIDR that is none', { cidr: '10.0.0.0' }, 400, /10\.0\.0\.0 is not a network in CIDR form/],
  ['a CIDR with host bits', { cidr: '10.0.0.1/24' }, 400, /10\.0\.0\.1\/24 is not the address of a network/],
  ['an IPv6 CIDR with host bits', { cidr: 'fd00::1/64', ip_version: 'v6' }, 400, /is not the address of a network/],
  ['a gateway outside', { gateway: 'nonsense' }, 400, /provider: sdn: .* answered 400: .*nonsense/],
  ['a DNS server that is none', { dns_servers: ['nonsense'] }, 400, /provider: sdn: .* answered 400: .*nonsense/],
] as const) {
  test(`a subnet with ${what} is refused by whoever knows better`, async (t) => {
    const provider = await startTestProvider(t)
    const engine = await startTestEngine(t)
    const { providerId, externalId } = await setScene(engine, provider)
    const subnets = `/openstacknetworkproviders/${providerId}/networks/${externalId}/subnets`
    const answer = await engine.send('POST', subnets, {
      name: 's',
      cidr: '10.0.0.0/24',
      ip_version: 'v4',
      ...change,
    })
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.detail, detail)
    assert.deepEqual((await provider.send('GET', '/subnets')).body.subnets, [])
  })
}

test('a subnet of a network that the provider does not have is refused', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId } = await setScene(engine, provider)
  const subnets = `/openstacknetworkproviders/${providerId}/networks/unknown/subnets`
  const { status } = await engine.send('POST', subnets, { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' })
  assert.equal(status, 404)
})

test("what the provider says is passed on: a subnet with a port's address is in use", async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, externalId } = await setScene(engine, provider)
  const subnets = `/openstacknetworkproviders/${providerId}/networks/${externalId}/subnets`
  const { id } = await engine.ask('POST', subnets, { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' })
  await provider.send('POST', '/ports', { port: { network_id: externalId } })
  const { status, body } = await engine.send('DELETE', `${subnets}/${id}`)
  assert.equal(status, 400)
  assert.match(body.detail, /answered 409: Unable to complete operation on subnet .*/)
  assert.equal((await engine.list(subnets)).length, 1)
})

test('an import takes another name, clusters and public use where it is told so', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, dataCenterId, clusterId } = await setScene(engine, provider)
  const other = await engine.ask('POST', '/clusters', { name: 'other', data_center: { id: dataCenterId } })
  const importWith = async (name: string, wish: object) => {
    const path = `/openstacknetworkproviders/${providerId}/networks/${await makeNetwork(provider, name)}/import`
    return engine.send('POST', path, { data_center: { id: dataCenterId }, ...wish })
  }
  const clustersOf = async (name: string) => {
    const found: string[] = []
    for (const id of [clusterId, other.id])
      if ((await engine.list(`/clusters/${id}/networks`)).some((network) => network.name === name)) found.push(id)
    return found
  }
  assert.equal((await importWith('red', { name: 'crimson', clusters: [{ name: 'other' }] })).status, 200)
  assert.deepEqual(await clustersOf('crimson'), [other.id])
  assert.equal((await importWith('green', { all_clusters: 'true', public_use: 'true' })).status, 200)
  assert.deepEqual(await clustersOf('green'), [clusterId, other.id])
  assert.equal((await importWith('white', {})).status, 200)
  assert.deepEqual(await clustersOf('white'), [])

  const second = await engine.ask('POST', '/datacenters', { name: 'second' })
  const stranger = await engine.ask('POST', '/clusters', { name: 'stranger', data_center: { id: second.id } })
  const count = (await engine.list('/networks')).length
  for (const [wish, status] of [
    [{ name: 'blue' }, 409],
    [{ name: '' }, 400],
    [{ name: 'x'.repeat(257) }, 400],
    [{ clusters: [{ id: 'unknown' }] }, 404],
    [{ clusters: [{ id: stranger.id }] }, 400],
    [{ public_use: 'maybe' }, 400],
  ] as const)
    assert.equal((await importWith('black', wish)).status, status, JSON.stringify(wish))
  assert.equal((await engine.list('/networks')).length, count)
})

test('an import is linked to the physical network that its provider names', async (t) => {
  const engine = await startTestEngine(t)
  const physical = { 'provider:network_type': 'vlan', 'provider:physical_network': 'floor' }
  const networks = [
    { id: 'a', name: 'a', mtu: '1400', ...physical, 'provider:segmentation_id': 5 },
    { id: 'b', name: 'b', ...physical, 'provider:segmentation_id': 6 },
  ]
  const url = await startListing(t, networks)
  const { id } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const floor = await engine.ask('POST', '/networks', { name: 'floor', data_center: { id }, vlan: { id: '5' } })
  const { id: providerId } = await engine.ask('POST', '/openstacknetworkproviders', {
    name: 'p',
    type: 'external',
    url,
  })
  for (const network of networks)
    await engine.ask('POST', `/openstacknetworkproviders/${providerId}/networks/${network.id}/import`, {
      data_center: { id },
    })
  const [a, b] = (await engine.list('/networks')).slice(1)
  assert.deepEqual([a.external_provider_physical_network?.id, a.mtu], [floor.id, '1400'])
  assert.deepEqual([b.external_provider_physical_network?.id, b.mtu], [undefined, '0'])
})

/** A provider that has these networks. */
async function startListing(t: TestContext, networks: readonly object[]): Promise<string> {
  const server = createServer((_request, answer) => answer.end(JSON.stringify({ networks })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}
