// Networks that are made: of the engine's own, or on a provider.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { referenceTo, setScene, startTestEngine, type TestEngine } from '../../testing/test-engine.ts'

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const add = (body: object) => engine.send('POST', '/networks', { data_center: { id: scene.dataCenterId }, ...body })
  const external = { external_provider: { id: scene.providerId } }
  const onProvider = async (name: string) =>
    (await provider.send('GET', `/networks?name=${name}`)).body.networks as Record<string, unknown>[]
  return { ...scene, provider, engine, add, external, onProvider }
}

const eventsOf = async (engine: TestEngine, code: string) =>
  (await engine.list('/events')).filter((event) => event.code === code).map(({ description }) => description)

test("a network of the engine's own has what was asked for, and a profile with its name", async (t) => {
  const { engine, add, dataCenterId, onProvider } = await startScene(t)
  const given = {
    name: 'storage',
    description: 'd',
    comment: 'c',
    mtu: '9000',
    vlan: { id: '7' },
    stp: 'true',
    usages: { usage: ['vm'] },
    dns_resolver_configuration: { name_servers: { name_server: ['192.0.2.53', '2001:db8::53'] } },
  }
  const { status, body, headers } = await add(given)
  assert.equal(status, 201)
  const { id, href, link, ...shown } = body
  assert.equal(headers.get('location'), `/ovirt-engine/api/networks/${id}`)
  assert.deepEqual(shown, {
    ...given,
    data_center: referenceTo('datacenters', dataCenterId),
    port_isolation: 'false',
    vdsm_name: 'storage',
  })
  assert.deepEqual(await engine.ask('GET', `/networks/${id}`), body)
  const below = await engine.ask('GET', `/datacenters/${dataCenterId}/networks/${id}`)
  assert.deepEqual({ ...below, href }, body)
  const profiles = await engine.list(`/networks/${id}/vnicprofiles`)
  assert.deepEqual(
    profiles.map(({ name }) => name),
    ['storage'],
  )
  assert.deepEqual(await onProvider('storage'), [])
  assert.deepEqual(await eventsOf(engine, '942'), ['Network storage was added.'])
})

test('no profile comes with a network that is not for VMs, or where none is wanted', async (t) => {
  const { engine, dataCenterId } = await startScene(t)
  const add = (body: object) => engine.ask('POST', `/datacenters/${dataCenterId}/networks`, body)
  for (const body of [
    { name: 'a', usages: {} },
    { name: 'b', profile_required: 'false' },
  ]) {
    const { id } = await add(body)
    assert.deepEqual(await engine.list(`/networks/${id}/vnicprofiles`), [], body.name)
  }
  assert.deepEqual(
    (await engine.list(`/datacenters/${dataCenterId}/networks`)).map(({ name }) => name),
    ['blue', 'a', 'b'],
  )
  assert.equal((await engine.send('GET', '/datacenters/x/networks')).status, 404)
})

test('a name that hosts cannot have is another one there', async (t) => {
  const { add } = await startScene(t)
  const { body } = await add({ name: 'the network of the third floor' })
  assert.match(body.vdsm_name, /^on[0-9a-f]{13}$/)
  const again = await add({ name: body.vdsm_name })
  assert.equal(again.status, 400)
  assert.match(again.body.detail, /Bad network name \(on.*on-host identifier of the network: the network of the third/)
})

test('a network is made on its provider with all that was asked for, its subnets and its attachments', async (t) => {
  const { engine, add, external, provider, clusterId, providerId, onProvider } = await startScene(t)
  const { status, body } = await add({
    ...external,
    name: 'green',
    mtu: '1300',
    port_security_enabled: 'false',
    public_use: 'true',
    clusters: { cluster: [{ id: clusterId }] },
    subnets: { subnet: [{ name: 's', cidr: '10.9.0.0/24', ip_version: 'v4', gateway: '10.9.0.1' }] },
  })
  assert.equal(status, 201)
  assert.deepEqual(body.external_provider, referenceTo('openstacknetworkproviders', providerId))
  const [made] = await onProvider('green')
  assert.deepEqual([made!.mtu, made!.port_security_enabled, made!.tenant_id], [1300, false, 'oVirt'])
  const { subnets } = (await provider.send('GET', `/subnets?network_id=${made!.id}`)).body
  assert.deepEqual(
    subnets.map((subnet: any) => [subnet.name, subnet.cidr, subnet.gateway_ip, subnet.tenant_id]),
    [['s', '10.9.0.0/24', '10.9.0.1', 'oVirt']],
  )
  const attached = await engine.list(`/clusters/${clusterId}/networks`)
  assert.deepEqual(
    attached.map(({ name, required }) => [name, required]),
    [
      ['blue', 'false'],
      ['green', 'false'],
    ],
  )
  assert.deepEqual(
    (await engine.list(`/networks/${body.id}/vnicprofiles`)).map(({ name }) => name),
    ['green'],
  )
  assert.deepEqual(await eventsOf(engine, '1142'), ['Subnet s was added on provider sdn.'])
})

test('a subnet that the provider refuses does not take the network along', async (t) => {
  const { engine, add, external, onProvider } = await startScene(t)
  const subnet = { name: 's', cidr: '10.9.0.0/24', ip_version: 'v4', gateway: 'none' }
  const { status } = await add({ ...external, name: 'green', subnets: [subnet] })
  assert.equal(status, 201)
  const [made] = await onProvider('green')
  assert.deepEqual(made!.subnets, [])
  const [told] = await eventsOf(engine, '1143')
  assert.match(told!, /^Failed to add subnet s on provider sdn: .*answered 400/)
})

test('what cannot be done leaves nothing, neither here nor on the provider', async (t) => {
  const { engine, add, external, provider, clusterId } = await startScene(t)
  const { id: physical } = (await add({ name: 'floor' })).body
  const other = await engine.ask('POST', '/datacenters', { name: 'other' })
  const elsewhere = await engine.ask('POST', '/clusters', { name: 'o', data_center: { id: other.id } })
  const long = (await add({ name: 'a name too long for hosts' })).body.vdsm_name
  const look = async () =>
    JSON.stringify([
      await engine.list('/networks'),
      await engine.list('/vnicprofiles'),
      await engine.list(`/clusters/${clusterId}/networks`),
      (await provider.send('GET', '/networks')).body.networks.length,
    ])
  const before = await look()
  const subnet = { name: 's', cidr: '10.9.0.0/24', ip_version: 'v4' }
  const refused: [object, number, RegExp][] = [
    [{}, 400, /Network \[name\] required/],
    [{ name: '' }, 400, /Network \[name\] required/],
    [{ name: ' ' }, 400, /The name " " is invalid/],
    [{ name: 'x'.repeat(257) }, 400, /is invalid/],
    [{ name: 'a\u0000b' }, 400, /without control characters/],
    [{ name: 'bond0' }, 400, /network cannot start with 'bond'/],
    [{ name: 'n', data_center: { id: 'x' } }, 404, /Data Center x does not exist/],
    [{ name: 'n', data_center: {} }, 400, /Data Center \[id\|name\] required/],
    [{ name: 'n', mtu: '67' }, 400, /MTU must be 0 .* or a number of at least 68/],
    [{ name: 'n', mtu: '-1' }, 400, /MTU must be/],
    [{ name: 'n', mtu: '2147483648' }, 400, /MTU must be/],
    [{ name: 'n', mtu: 'big' }, 400, /"network.mtu" must be a whole number/],
    [{ name: 'n', vlan: { id: '4095' } }, 400, /VLAN ID must be a number between 0 and 4094/],
    [{ name: 'n', vlan: { id: '-1' } }, 400, /VLAN ID/],
    [{ name: 'n', usages: ['vms'] }, 400, /"network.usages.usage" must be one of vm, display/],
    [{ name: 'n', usages: [], stp: 'true' }, 400, /STP can only be enabled on VM Networks/],
    [{ name: 'n', usages: [], port_isolation: 'true' }, 400, /Port isolation can only be enabled on VM Networks/],
    [{ name: 'n', dns_resolver_configuration: { name_servers: ['ns1'] } }, 400, /"ns1" is not an IP address/],
    [{ name: 'blue' }, 409, /name of the logical network 'blue' is already used/],
    [{ name: long }, 400, /on-host identifier of the network: a name too long for hosts/],
    [{ name: 'n', subnets: [subnet] }, 400, /Network \[externalProvider.id\] required/],
    [{ name: 'n', external_provider: { id: 'x' } }, 400, /The provider does not exist in the system/],
    [{ name: 'n', external_provider: {} }, 400, /The provider does not exist in the system/],
    [{ name: 'blue', ...external }, 409, /name of the logical network 'blue' is already used/],
    [{ name: 'n', ...external, usages: [] }, 400, /An external network cannot be a non-VM network/],
    [{ name: 'n', ...external, port_isolation: 'true' }, 409, /Port isolation cannot be enabled on External Networks/],
    [{ name: 'n', ...external, external_provider_vlan: { id: '5' } }, 400, /with vlan must be marked as custom/],
    [{ name: 'n', ...external, external_provider_physical_network: { id: 'x' } }, 400, /does not exist on Datacenter/],
    [
      { name: 'n', ...external, external_provider_physical_network: { name: 'x' } },
      400,
      /does not exist on Datacenter/,
    ],
    [
      { name: 'n', ...external, external_provider_physical_network: { id: physical }, vlan: { id: '5' } },
      400,
      /Label and VLAN must be set by an external network/,
    ],
    [{ name: 'n', ...external, external_provider_physical_network_name: 'a b' }, 400, /1 to 64 characters/],
    [{ name: 'n', ...external, subnets: [{ ...subnet, cidr: '10.9.0.1/24' }] }, 400, /bits behind the prefix/],
    [{ name: 'n', ...external, subnets: [{ name: 's' }] }, 400, /OpenStackSubnet \[cidr\] required/],
    [{ name: 'n', ...external, clusters: [{ id: elsewhere.id }] }, 400, /belongs to another data center/],
    [{ name: 'n', clusters: [{ id: 'x' }] }, 404, /Cluster x does not exist/],
    // The embedded provider has tunnels only: it is the provider that refuses.
    [{ name: 'n', ...external, external_provider_physical_network: { id: physical } }, 400, /answered 400/],
  ]
  for (const [body, status, text] of refused) {
    const answer = await add(body)
    const { detail } = answer.body
    assert.equal(answer.status, status, `${JSON.stringify(body)}: ${detail}`)
    assert.match(detail, text)
    assert.equal(await look(), before, JSON.stringify(body))
  }
  await engine.ask('PUT', `/openstacknetworkproviders/${external.external_provider.id}`, { read_only: 'true' })
  const { status, body } = await add({ name: 'blue', ...external })
  assert.deepEqual([status, body.detail], [400, '[Cannot add Network. External network provider sdn is read only.]'])
})

test('a physical network is told to the provider as hosts call it, with its VLAN', async (t) => {
  const { engine, add, dataCenterId } = await startScene(t)
  const recorder = await startRecorder(t)
  const { id: providerId } = await engine.ask('POST', '/openstacknetworkproviders', {
    name: 'recorder',
    type: 'external',
    url: recorder.url,
    read_only: 'false',
  })
  const floor = (await add({ name: 'the third floor', vlan: { id: '5' } })).body
  const flat = (await add({ name: 'flat' })).body
  const told = async (body: object) => {
    const { status } = await add({ name: `n${recorder.made.length}`, external_provider: { id: providerId }, ...body })
    assert.equal(status, 201)
    const { name, admin_state_up, tenant_id, ...made } = recorder.made.at(-1) as Record<string, unknown>
    return made
  }
  const physical = (name: string, type: string) => ({
    'provider:physical_network': name,
    'provider:network_type': type,
  })
  assert.deepEqual(await told({}), {})
  assert.deepEqual(await told({ external_provider_physical_network: { id: floor.id } }), {
    ...physical(floor.vdsm_name, 'vlan'),
    'provider:segmentation_id': 5,
  })
  assert.deepEqual(await told({ external_provider_physical_network: { name: 'flat' } }), physical('flat', 'flat'))
  assert.deepEqual(await told({ external_provider_physical_network_name: 'ext' }), physical('ext', 'flat'))
  assert.deepEqual(
    await told({ external_provider_physical_network_name: 'ext', external_provider_vlan: { id: '6' } }),
    { ...physical('ext', 'vlan'), 'provider:segmentation_id': 6 },
  )
  const linked = await engine.list(`/datacenters/${dataCenterId}/networks`)
  assert.deepEqual(
    linked.flatMap(({ external_provider_physical_network: base }) => (base ? [base.id] : [])),
    [floor.id, flat.id],
  )
})

/** Takes every network and remembers what it was told of it. */
async function startRecorder(t: TestContext) {
  const made: object[] = []
  const server = createServer(async (request, answer) => {
    answer.setHeader('content-type', 'application/json')
    if (request.method !== 'POST') return void answer.end('{"networks": []}')
    const { network } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    made.push(network)
    answer.writeHead(201).end(JSON.stringify({ network: { ...network, id: `id-${made.length}` } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, made }
}
