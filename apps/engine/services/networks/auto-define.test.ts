// A network of the engine's own in clusters with Open vSwitch: their default providers get one that is linked to it.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../lab/until.ts'
import { startTestEngine } from '../../testing/test-engine.ts'
import { untilIdle } from '../../testing/test-host.ts'
import { autoDefinedNames } from './auto-define.ts'

/** Takes every network. */
async function startProvider(t: TestContext) {
  const made: any[] = []
  const server = createServer(async (request, answer) => {
    answer.setHeader('content-type', 'application/json')
    if (request.method !== 'POST') return void answer.end(JSON.stringify({ networks: made }))
    const { network } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    made.push({ ...network, id: `id-${made.length}` })
    answer.writeHead(201).end(JSON.stringify({ network: made.at(-1) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, made }
}

async function startScene(t: TestContext) {
  const engine = await startTestEngine(t)
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const addProvider = async (name: string, url: string, read_only = 'false') =>
    (await engine.ask('POST', '/openstacknetworkproviders', { name, type: 'external', url, read_only })).id as string
  const addCluster = async (name: string, switch_type: string, providerId?: string) => {
    const external_network_providers = providerId === undefined ? [] : [{ id: providerId }]
    const data_center = { id: dataCenterId }
    return (await engine.ask('POST', '/clusters', { name, switch_type, data_center, external_network_providers })).id
  }
  const addNetwork = (name: string, clusters: readonly string[], change: object = {}) =>
    engine.ask('POST', '/networks', {
      name,
      data_center: { id: dataCenterId },
      clusters: clusters.map((id) => ({ id })),
      ...change,
    })
  const codes = async () => (await engine.list('/events')).map(({ code }) => code)
  return { engine, addProvider, addCluster, addNetwork, codes }
}

test('each default provider gets one network, linked to the new one and attached to its clusters', async (t) => {
  const { engine, addProvider, addCluster, addNetwork, codes } = await startScene(t)
  const [one, two] = [await startProvider(t), await startProvider(t)]
  const providers = [await addProvider('one', one.url), await addProvider('two', two.url)]
  const a = await addCluster('a', 'ovs', providers[0])
  const b = await addCluster('b', 'ovs', providers[0])
  const c = await addCluster('c', 'ovs', providers[1])
  const legacy = await addCluster('d', 'legacy', providers[0])
  const orphan = await addCluster('e', 'ovs')
  const floor = await addNetwork('floor', [a, b, c, legacy, orphan], { vlan: { id: '5' } })
  assert.ok(await until(async () => one.made.length + two.made.length === 2, 5_000))
  assert.ok(await until(async () => (await engine.list('/networks')).length === 3, 5_000))
  await untilIdle(engine)
  const [, first, second] = await engine.list('/networks')
  for (const [network, name, providerId, clusters] of [
    [first, 'external_floor_1', providers[0], [a, b]],
    [second, 'external_floor_2', providers[1], [c]],
  ] as const) {
    assert.deepEqual(
      [network.name, network.description, network.mtu, network.external_provider.id],
      [name, 'Auto-defined external network', '1500', providerId],
    )
    assert.equal(network.external_provider_physical_network.id, floor.id)
    for (const id of [a, b, c, legacy, orphan]) {
      const found = (await engine.list(`/clusters/${id}/networks`)).find((each) => each.id === network.id)
      assert.equal(found?.required, (clusters as readonly string[]).includes(id) ? 'false' : undefined)
    }
  }
  assert.deepEqual(
    one.made.map((made) => [made['provider:physical_network'], made['provider:segmentation_id'], made.mtu]),
    [['floor', 5, 1500]],
  )
  assert.ok((await codes()).includes('10924'))
})

test('a network stays also when a provider cannot, and nothing is made where none is needed', async (t) => {
  const { engine, addProvider, addCluster, addNetwork, codes } = await startScene(t)
  const provider = await startProvider(t)
  const away = await addCluster('a', 'ovs', await addProvider('away', 'http://127.0.0.1:1'))
  const readOnly = await addCluster('b', 'ovs', await addProvider('readonly', provider.url, 'true'))
  const legacy = await addCluster('c', 'legacy', await addProvider('good', provider.url))
  await addNetwork('blue', [away, readOnly, legacy], { mtu: '9000' })
  assert.ok(await until(async () => (await codes()).filter((code) => code === '943').length === 2, 5_000))
  await addNetwork('storage', [away], { usages: {} })
  await untilIdle(engine)
  assert.deepEqual(
    (await engine.list('/networks')).map(({ name }) => name),
    ['blue', 'storage'],
  )
  assert.deepEqual(provider.made, [])
})

test('names are cut to what a name may have', () => {
  assert.deepEqual(autoDefinedNames('blue', 1), ['external_blue'])
  assert.deepEqual(autoDefinedNames('blue', 2), ['external_blue_1', 'external_blue_2'])
  for (const name of autoDefinedNames('x'.repeat(256), 12)) assert.equal(name.length, 256)
})
