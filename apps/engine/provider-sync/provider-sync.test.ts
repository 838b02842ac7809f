// Data centers that follow their provider: when asked, and by themselves.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import type { EngineConfig } from '../config.ts'
import { makeNetwork, setScene, startTestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost, untilIdle } from '../testing/test-host.ts'
import { startTestProxy } from '../testing/test-proxy.ts'

async function startScene(t: TestContext, config: Partial<EngineConfig> = {}) {
  const provider = await startTestProvider(t)
  const proxy = await startTestProxy(t, provider.url)
  const engine = await startTestEngine(t, config)
  const scene = await setScene(engine, provider, proxy.url)
  const path = `/openstacknetworkproviders/${scene.providerId}`
  await engine.ask('PUT', `/clusters/${scene.clusterId}`, {
    external_network_providers: { external_provider: [{ id: scene.providerId }] },
  })
  const sync = async () => {
    const { changes } = await engine.ask('POST', `${path}/sync`, {})
    return changes.change.map(({ kind, network, failure }: any) => `${kind} ${network.name}${failure ? ' failed' : ''}`)
  }
  const names = async () => (await engine.list('/networks')).map(({ name }) => name).sort()
  const rename = (id: string, change: object) => provider.send('PUT', `/networks/${id}`, { network: change })
  /** Codes of events since the last call, the oldest first. */
  let toldBefore = (await engine.list('/events')).length
  const told = async () => {
    const codes = (await engine.list('/events')).map(({ code }) => code).reverse()
    const fresh = codes.slice(toldBefore)
    toldBefore = codes.length
    return fresh
  }
  return { ...scene, provider, proxy, engine, path, sync, names, rename, told }
}

const whole = ['223', '217', '224']

test('a data center follows its provider: new networks, new names and MTUs, and what is gone', async (t) => {
  const { engine, provider, proxy, externalId, clusterId, sync, names, rename, told } = await startScene(t)
  assert.deepEqual(await sync(), [])
  const red = await makeNetwork(provider, 'red')
  assert.deepEqual(await sync(), ['import red'])
  assert.deepEqual(await told(), ['223', '10920', '217', '224'])
  const attached = await engine.list(`/clusters/${clusterId}/networks`)
  assert.deepEqual(
    attached.map(({ name, required }) => [name, required]),
    [
      ['blue', 'false'],
      ['red', 'false'],
    ],
  )

  await rename(externalId, { name: 'azure', mtu: 1400 })
  assert.deepEqual(await sync(), ['update azure'])
  const azure = (await engine.list('/networks?search=name%3Dazure'))[0]
  assert.equal(azure.mtu, '1400')
  assert.deepEqual(
    (await engine.list(`/networks/${azure.id}/vnicprofiles`)).map(({ name }) => name),
    ['azure'],
  )
  await engine.ask('DELETE', `/clusters/${clusterId}/networks/${azure.id}`)
  assert.deepEqual(await sync(), ['attach azure'])
  await provider.send('DELETE', `/networks/${red}`)
  assert.deepEqual(await sync(), ['remove red'])
  assert.deepEqual(await names(), ['azure'])

  await told()
  proxy.seen.length = 0
  assert.deepEqual(await sync(), [])
  assert.deepEqual(proxy.seen, ['GET /v2.0/networks?limit=500'])
  assert.deepEqual(await told(), [], 'unchanged: one call, and nothing is written')
})

test('the vNICs of a network that is gone are unplugged and taken off it, also on a running VM', async (t) => {
  const { engine, provider, externalId, clusterId, profileId, sync, names, told } = await startScene(t)
  const host = await startTestHost(t)
  await addHost(engine, clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  const { id: otherId } = await engine.ask('POST', '/vms', { name: 'down', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/start`)
  for (const id of [vmId, otherId])
    await engine.ask('POST', `/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  const { ports } = (await provider.send('GET', '/ports')).body
  for (const { id } of ports) await provider.send('DELETE', `/ports/${id}`)
  assert.equal((await provider.send('DELETE', `/networks/${externalId}`)).status, 204)
  await told()
  assert.deepEqual(await sync(), ['remove blue'])
  await untilIdle(engine)
  assert.deepEqual(await names(), [])
  for (const id of [vmId, otherId]) {
    const [nic] = await engine.list(`/vms/${id}/nics`)
    assert.deepEqual([nic.plugged, nic.vnic_profile], ['false', undefined])
  }
  assert.deepEqual(host.vms.get(vmId)!.macs, [])
  const codes = await told()
  assert.ok(codes.includes('944') && codes.join().endsWith('217,224'), codes.join())
})

test('what cannot be done does not keep the rest from being done, and is told once a day', async (t) => {
  const { provider, sync, names, told } = await startScene(t)
  await makeNetwork(provider, 'blue')
  await makeNetwork(provider, 'red')
  assert.deepEqual(await sync(), ['import blue failed', 'import red'])
  assert.deepEqual(await names(), ['blue', 'red'])
  assert.deepEqual(
    (await told()).filter((code) => code !== '10920'),
    ['223', '218', '224'],
  )
  assert.deepEqual(await sync(), ['import blue failed'])
  assert.deepEqual(await told(), ['223', '224'])
})

test('without a cluster that has the provider as its default nothing happens', async (t) => {
  const { engine, provider, clusterId, sync, told } = await startScene(t)
  await makeNetwork(provider, 'red')
  await engine.ask('PUT', `/clusters/${clusterId}`, { external_network_providers: {} })
  await told()
  assert.deepEqual(await sync(), [])
  assert.deepEqual(await told(), [])
})

test('each data center gets its own networks, in the clusters that want them', async (t) => {
  const { engine, providerId, sync } = await startScene(t)
  const { id } = await engine.ask('POST', '/datacenters', { name: 'second' })
  const external_network_providers = [{ id: providerId }]
  const cluster = await engine.ask('POST', '/clusters', { name: 'c2', data_center: { id }, external_network_providers })
  const bystander = await engine.ask('POST', '/clusters', { name: 'c3', data_center: { id } })
  assert.deepEqual(await sync(), ['import blue'])
  assert.equal((await engine.list(`/datacenters/${id}/networks`)).length, 1)
  assert.equal((await engine.list(`/clusters/${cluster.id}/networks`)).length, 1)
  assert.deepEqual(await engine.list(`/clusters/${bystander.id}/networks`), [])
})

test('a provider that is away changes nothing, and is told once a day', async (t) => {
  const { engine, path, names, told } = await startScene(t)
  await engine.ask('PUT', path, { url: 'http://127.0.0.1:1' })
  await told()
  for (const events of [
    ['223', '216', '224'],
    ['223', '224'],
  ]) {
    const { status, body } = await engine.send('POST', `${path}/sync`, {})
    assert.deepEqual([status, body.status], [400, 'failed'])
    assert.match(body.fault.detail, /refused the connection/)
    assert.deepEqual(await told(), events)
  }
  assert.deepEqual(await names(), ['blue'])
})

test('a provider that does not take the credentials is not synchronized any more', async (t) => {
  const guarded = await startTestProvider(t, { administrator: { name: 'admin', password: 'right' } })
  const { engine, path, told } = await startScene(t, { providerSyncEveryMs: 50 })
  await told()
  await engine.ask('PUT', path, {
    url: guarded.url,
    requires_authentication: 'true',
    username: 'admin',
    password: 'wrong',
    authentication_url: guarded.identityUrl!,
    auto_sync: 'true',
  })
  const isOff = async () => (await engine.ask('GET', path)).auto_sync === 'false'
  assert.ok(await until(isOff, 5_000))
  assert.ok(await until(async () => (await engine.list('/events'))[0].code === '224', 5_000))
  assert.deepEqual(await told(), ['207', '223', '207', '219', '224'])
  assert.match(
    (await engine.list('/events?search=code%3D219'))[0].description,
    /^Failed to synchronize networks of Provider sdn, because the authentication information of the provider is invalid\./,
  )
})

test('a provider with auto_sync is followed by itself', async (t) => {
  const { engine, provider, path, names, told } = await startScene(t, { providerSyncEveryMs: 50 })
  await makeNetwork(provider, 'red')
  await engine.ask('PUT', path, { auto_sync: 'true' })
  assert.ok(await until(async () => (await names()).includes('red'), 5_000))
  assert.ok(await until(async () => (await engine.list('/events'))[0].code === '224', 5_000))
  assert.deepEqual((await told()).slice(-4), ['223', '10920', ...whole.slice(1)])
})

test('one at a time: who comes second is refused, and an import waits', async (t) => {
  const { engine, provider, proxy, path, providerId, dataCenterId } = await startScene(t)
  const red = await makeNetwork(provider, 'red')
  const hold = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  proxy.hold = async (line) => {
    if (!line.includes('limit=')) return
    reached.resolve()
    await hold.promise
  }
  const first = engine.send('POST', `${path}/sync`, {})
  await reached.promise
  const second = await engine.send('POST', `${path}/sync`, {})
  assert.equal(second.status, 409)
  assert.match(
    second.body.fault.detail,
    new RegExp(`Related operation on provider with the id ${providerId} is currently`),
  )
  assert.equal((await engine.send('DELETE', path)).status, 409)
  const second_dc = await engine.ask('POST', '/datacenters', { name: 'second' })
  const imported = engine.send('POST', `${path}/networks/${red}/import`, { data_center: { id: second_dc.id } })
  hold.resolve()
  assert.equal((await first).status, 200)
  assert.equal((await imported).status, 200)
  assert.equal((await engine.list(`/datacenters/${dataCenterId}/networks`)).length, 2)
})

test('what it takes to log in is asked before anything else', async (t) => {
  const { engine, path, externalId, dataCenterId, told } = await startScene(t)
  await engine.ask('PUT', path, { requires_authentication: 'true' })
  await told()
  for (const [action, body] of [
    ['sync', {}],
    [`networks/${externalId}/import`, { data_center: { id: dataCenterId } }],
  ] as const) {
    const { status, body: answer } = await engine.send('POST', `${path}/${action}`, body)
    assert.equal(status, 400)
    assert.match(answer.fault.detail, /The user name for authentication is missing/)
  }
  assert.deepEqual(await told(), [])
})
