// What is changed on a provider through the engine: networks, with those of data centers in step; subnets. And ports, to look at.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { importNetwork, makeNetwork, referenceTo, setScene, startTestEngine } from '../../testing/test-engine.ts'
import { untilIdle } from '../../testing/test-host.ts'
import { startTestProxy } from '../../testing/test-proxy.ts'
import { startWithRunningVm } from '../../testing/test-running-vm.ts'

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const proxy = await startTestProxy(t, provider.url)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider, proxy.url)
  const base = `/openstacknetworkproviders/${scene.providerId}/networks/${scene.externalId}`
  const external = async () => (await provider.send('GET', `/networks/${scene.externalId}`)).body.network
  return { ...scene, provider, proxy, engine, base, external }
}

test('a network is changed on its provider and in every data center that calls it so', async (t) => {
  const { engine, base, external, providerId, externalId, networkId } = await startScene(t)
  const second = await engine.ask('POST', '/datacenters', { name: 'second' })
  const { networkId: otherId } = await importNetwork(engine, { providerId, externalId, dataCenterId: second.id })
  const third = await engine.ask('POST', '/datacenters', { name: 'third' })
  await engine.ask('POST', `${base}/import`, { data_center: { id: third.id }, name: 'mine' })
  const shown = await engine.ask('PUT', base, {
    name: 'azure',
    mtu: '1400',
    description: 'd',
    port_security_enabled: 'false',
  })
  assert.deepEqual(
    [shown.name, shown.mtu, shown.description, shown.port_security_enabled],
    ['azure', '1400', 'd', 'false'],
  )
  const { name, mtu, description, port_security_enabled } = await external()
  assert.deepEqual([name, mtu, description, port_security_enabled], ['azure', 1400, 'd', false])
  for (const id of [networkId, otherId]) {
    const network = await engine.ask('GET', `/networks/${id}`)
    assert.deepEqual([network.name, network.mtu], ['azure', '1400'])
    const [profile] = await engine.list(`/networks/${id}/vnicprofiles`)
    assert.equal(profile.name, 'azure')
  }
  const mine = (await engine.list('/networks?search=name%3Dmine'))[0]
  assert.equal(mine.mtu, '1400')
  assert.deepEqual((await engine.ask('PUT', base, {})).name, 'azure', 'nothing to change')
})

test('what is changed of a network while its provider is being waited for stays', async (t) => {
  const { engine, proxy, base, providerId, networkId } = await startScene(t)
  const hold = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  proxy.hold = async (line) => {
    if (!line.includes('limit=')) return
    reached.resolve()
    await hold.promise
  }
  const synchronized = engine.send('POST', `/openstacknetworkproviders/${providerId}/sync`, {})
  await reached.promise
  const looked = Promise.withResolvers<void>()
  proxy.lose = (line) => {
    if (line.startsWith('GET /v2.0/networks?id=')) looked.resolve()
    return false
  }
  const edited = engine.send('PUT', base, { mtu: '1400' })
  await looked.promise
  // By now it waits for the synchronization.
  for (let each = 0; each < 5; each++) await engine.list('/networks')
  await engine.ask('PUT', `/networks/${networkId}`, { description: 'mine', comment: 'c' })
  hold.resolve()
  assert.deepEqual([(await synchronized).status, (await edited).status], [200, 200])
  const { description, comment, mtu } = await engine.ask('GET', `/networks/${networkId}`)
  assert.deepEqual([description, comment, mtu], ['mine', 'c', '1400'])
})

test('what a data center or the provider does not take changes nothing', async (t) => {
  const { engine, base, external, providerId, dataCenterId, provider, networkId } = await startScene(t)
  await importNetwork(engine, { providerId, dataCenterId, externalId: await makeNetwork(provider, 'red') })
  const before = [await external(), await engine.list('/networks')]
  for (const [change, status, detail] of [
    [{ name: 'red' }, 409, /name of the logical network 'red' is already used/],
    [{ name: 'bond1' }, 400, /cannot start with 'bond'/],
    [{ name: '' }, 400, /\[name\] required/],
    [{ mtu: '10' }, 400, /MTU must be/],
    [{ mtu: '9000', name: 'other' }, 400, /answered 400/],
  ] as const) {
    const answer = await engine.send('PUT', base, change)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.detail, detail)
    await untilIdle(engine)
    assert.deepEqual([await external(), await engine.list('/networks')], before)
  }
  const failures = (await engine.list('/events')).filter(({ code }) => code === '11144')
  assert.deepEqual([failures.length, failures[0].severity], [1, 'error'], 'of what the provider refused')
  assert.match(failures[0].description, /^Failed to update Network blue on provider sdn: .*answered 400/)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { read_only: 'true' })
  const refused = await engine.send('PUT', base, { name: 'azure' })
  assert.deepEqual(
    [refused.status, refused.body.detail],
    [400, '[Cannot edit Network. External network provider sdn is read only.]'],
  )
  assert.equal((await engine.send('PUT', base.replace(/[^/]+$/, 'unknown'), {})).status, 400)
  assert.equal((await engine.ask('GET', `/networks/${networkId}`)).name, 'blue')
})

test('a provider that is lost in the middle gets back what it had', async (t) => {
  const { engine, base, external, externalId, provider, proxy } = await startScene(t)
  const isFirst = () => proxy.seen.filter((line) => line.startsWith('PUT')).length === 1
  // Carried out, and the answer is lost.
  proxy.hold = async (line) => {
    if (!line.startsWith('PUT') || !isFirst()) return
    await provider.send('PUT', `/networks/${externalId}`, { network: { name: 'azure' } })
  }
  proxy.cut = (line) => line.startsWith('PUT') && isFirst()
  assert.equal((await engine.send('PUT', base, { name: 'azure' })).status, 400)
  await untilIdle(engine)
  assert.equal((await external()).name, 'blue')
  assert.equal((await engine.list('/networks'))[0].name, 'blue')
})

test('a provider that is away can be removed, whatever was still to be undone there', async (t) => {
  const { engine, base, proxy, providerId } = await startScene(t)
  proxy.cut = () => proxy.seen.some((line) => line.startsWith('PUT'))
  assert.equal((await engine.send('PUT', base, { name: 'azure' })).status, 400)
  await engine.ask('DELETE', `/openstacknetworkproviders/${providerId}`)
  await untilIdle(engine)
  assert.deepEqual(await engine.list('/networks'), [])
})

test('a subnet is changed, but not its addresses', async (t) => {
  const { engine, base, provider } = await startScene(t)
  const subnets = `${base}/subnets`
  const { id } = await engine.ask('POST', subnets, {
    name: 's',
    cidr: '10.0.0.0/24',
    ip_version: 'v4',
    gateway: '10.0.0.1',
  })
  const edit = (change: object) => engine.send('PUT', `${subnets}/${id}`, change)
  const same = { cidr: '10.0.0.0/24', ip_version: 'v4' }
  const { body } = await edit({ ...same, name: 'renamed', dns_servers: { dns_server: ['10.0.0.2'] } })
  assert.deepEqual([body.name, body.gateway, body.dns_servers], ['renamed', '10.0.0.1', { dns_server: ['10.0.0.2'] }])
  assert.equal((await edit({ gateway: '' })).body.gateway, undefined)
  const before = (await provider.send('GET', `/subnets/${id}`)).body
  for (const [change, detail] of [
    [{ cidr: '10.1.0.0/24' }, /CIDR and the IP version of a subnet cannot be changed/],
    [{ ip_version: 'v6' }, /cannot be changed/],
    [{ gateway: 'nonsense' }, /answered 400/],
  ] as const) {
    const answer = await edit(change)
    assert.equal(answer.status, 400)
    assert.match(answer.body.detail, detail)
  }
  assert.deepEqual((await provider.send('GET', `/subnets/${id}`)).body, before)
  assert.equal((await engine.send('PUT', `${subnets}/unknown`, {})).status, 404)
  const port = { network_id: before.subnet.network_id, fixed_ips: [{ subnet_id: id }] }
  const made = await provider.send('POST', '/ports', { port })
  assert.equal(made.status, 201)
  assert.equal((await engine.send('DELETE', `${subnets}/${id}`)).status, 400, 'a port has an address of it')
  const [event] = await engine.list('/events?search=code%3D1141')
  assert.match(event.description, /^Failed to remove subnet .* from provider sdn: /)
})

test('the ports of a network are shown with the vNICs they belong to', async (t) => {
  const { engine, provider, providerId, externalId, vmId, addNic } = await startWithRunningVm(t)
  const base = `/openstacknetworkproviders/${providerId}/networks/${externalId}`
  await engine.ask('POST', `${base}/subnets`, { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' })
  const nic = (await addNic()).body
  await provider.send('POST', '/ports', { port: { network_id: externalId, name: 'other' } })
  const [own, other] = (await engine.list(`${base}/ports`)).sort((a) => (a.name === 'other' ? 1 : -1))
  assert.deepEqual(
    [
      own.name,
      own.nic,
      own.vm,
      own.device_id,
      own.binding_host_id,
      own.mac_address,
      own.ip_addresses.ip_address.length,
    ],
    ['nic1', { id: nic.id }, referenceTo('vms', vmId), nic.id, 'the-host', nic.mac.address, 1],
  )
  assert.deepEqual([other.name, other.nic, other.openstack_network], ['other', undefined, { id: externalId }])
  assert.deepEqual(await engine.ask('GET', `${base}/ports/${own.id}`), own)
  assert.equal((await engine.send('GET', `${base}/ports/unknown`)).status, 404)
})
