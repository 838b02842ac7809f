// Driver packages from their upload to the hosts, with the agent's own verbs at the other end.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { driverSigners, packTestDriver, startDriverHost, stranger } from '../testing/test-drivers.ts'
import { type Scene, setScene, startTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost, type TestHost } from '../testing/test-host.ts'

const settleMs = 10_000

async function begin(t: TestContext) {
  const engine = await startTestEngine(t, { driverSigners })
  const scene = await setScene(engine, await startTestProvider(t))
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'ACME' })
  const attached = `/openstacknetworkproviders/${scene.providerId}/driverpackages`
  return { engine, scene, attached }
}

const upload = (engine: TestEngine, bytes: Buffer) =>
  fetch(`${engine.url}/ovirt-engine/api/driverpackages`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', accept: 'application/json' },
    body: new Uint8Array(bytes),
  }).then(async (response) => ({ status: response.status, body: (await response.json()) as any }))

async function uploaded(engine: TestEngine, bytes: Buffer): Promise<string> {
  const { status, body } = await upload(engine, bytes)
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** What became of the only driver of the host, once it is settled. */
async function settled(engine: TestEngine, hostId: string, version: string) {
  let now: any
  const isSettled = async () => {
    now = (await engine.list(`/hosts/${hostId}/driverdeployments`))[0]
    return now?.version === version && ['installed', 'failed'].includes(now.status)
  }
  assert.ok(await until(isSettled, settleMs), JSON.stringify(now))
  return now
}

const hostOf = async (engine: TestEngine, { clusterId }: Scene, host: TestHost, name?: string) =>
  addHost(engine, clusterId, host, name)

test('an attached package gets to hosts that are there and to hosts that come, and is upgraded and taken back', async (t) => {
  const { engine, scene, attached } = await begin(t)
  const first = await hostOf(engine, scene, await startDriverHost(t), 'first')
  const one = await uploaded(engine, await packTestDriver(t, '1.0.0'))
  await engine.ask('POST', attached, { id: one })
  const deployment = await settled(engine, first, '1.0.0')
  assert.deepEqual([deployment.status, deployment.progress, deployment.driver_package.id], ['installed', '100', one])
  const second = await hostOf(engine, scene, await startDriverHost(t), 'second')
  assert.equal((await settled(engine, second, '1.0.0')).status, 'installed')
  const two = await uploaded(engine, await packTestDriver(t, '2.0.0'))
  await engine.ask('POST', attached, { id: two })
  for (const host of [first, second]) assert.equal((await settled(engine, host, '2.0.0')).status, 'installed')
  assert.equal((await engine.list(`/driverpackages/${two}/deployments`)).length, 2)
  await engine.ask('POST', attached, { id: one })
  for (const host of [first, second]) assert.equal((await settled(engine, host, '1.0.0')).status, 'installed')
})

test('a package that is detached goes from the hosts', async (t) => {
  const { engine, scene, attached } = await begin(t)
  const host = await hostOf(engine, scene, await startDriverHost(t))
  const id = await uploaded(engine, await packTestDriver(t, '1.0.0'))
  await engine.ask('POST', attached, { id })
  await settled(engine, host, '1.0.0')
  assert.equal((await engine.send('DELETE', `/driverpackages/${id}`)).status, 409)
  await engine.ask('DELETE', `${attached}/${id}`)
  const isGone = async () => (await engine.list(`/hosts/${host}/driverdeployments`)).length === 0
  assert.ok(await until(isGone, settleMs))
  const isTold = async () => (await engine.list('/events?search=code%3D30003'))[0]?.host?.id === host
  assert.ok(await until(isTold, settleMs))
  await engine.ask('DELETE', `/driverpackages/${id}`)
  assert.deepEqual(await engine.list('/driverpackages'), [])
})

test('what does not start on a host is told there, and the version before stays; it can be tried again', async (t) => {
  const { engine, scene, attached } = await begin(t)
  const host = await hostOf(engine, scene, await startDriverHost(t))
  await engine.ask('POST', attached, { id: await uploaded(engine, await packTestDriver(t, '1.0.0')) })
  await settled(engine, host, '1.0.0')
  await engine.ask('POST', attached, {
    id: await uploaded(engine, await packTestDriver(t, '2.0.0', { starts: false })),
  })
  const failed = await settled(engine, host, '2.0.0')
  assert.equal(failed.status, 'failed')
  assert.match(failed.status_detail, /^(?!General Exception)./)
  const codes = async () => (await engine.list('/events')).map(({ code }) => code)
  assert.ok(await until(async () => (await codes()).includes('30001'), settleMs))
  await engine.ask('POST', `/hosts/${host}/deploydrivers`, {})
  const hasFailedTwice = async () => (await codes()).filter((code) => code === '30002').length === 2
  assert.ok(await until(hasFailedTwice, settleMs))
})

test('hosts of clusters that do not use the provider get nothing, and a VDSM is said to take none', async (t) => {
  const { engine, scene, attached } = await begin(t)
  const { id: other } = await engine.ask('POST', '/clusters', {
    name: 'other',
    data_center: { id: scene.dataCenterId },
  })
  const elsewhere = await addHost(engine, other, await startDriverHost(t), 'elsewhere')
  const vdsm = await hostOf(engine, scene, await startTestHost(t), 'vdsm')
  await engine.ask('POST', attached, { id: await uploaded(engine, await packTestDriver(t, '1.0.0')) })
  const { status, status_detail } = await settled(engine, vdsm, '1.0.0')
  assert.equal(status, 'failed')
  assert.match(status_detail, /takes no driver packages.*install-hooks/)
  assert.deepEqual(await engine.list(`/hosts/${elsewhere}/driverdeployments`), [])
})

test('packages of strangers, altered ones, and other contents under one version are refused', async (t) => {
  const { engine } = await begin(t)
  const good = await packTestDriver(t, '1.0.0')
  const id = await uploaded(engine, good)
  assert.equal(await uploaded(engine, good), id)
  const refused: [Buffer, number, RegExp][] = [
    [await packTestDriver(t, '2.0.0', { key: stranger.privateKey }), 400, /no publisher that is trusted here/],
    [Buffer.concat([good.subarray(0, -20), Buffer.alloc(20)]), 400, /Cannot add Driver package/],
    [await packTestDriver(t, '1.0.0', { type: 'OTHER' }), 409, /There is a acme 1\.0\.0 already, with other contents/],
  ]
  for (const [bytes, status, detail] of refused) {
    const answer = await upload(engine, bytes)
    assert.equal(answer.status, status)
    assert.match(answer.body.detail, detail)
  }
  assert.equal((await engine.send('POST', '/driverpackages', { name: 'x' })).status, 400)
  assert.equal((await engine.list('/driverpackages')).length, 1)
  const untrusting = await startTestEngine(t)
  assert.match((await upload(untrusting, good)).body.detail, /trusts no publisher/)
})

test('a driver for another plugin type is not attached', async (t) => {
  const { engine, attached } = await begin(t)
  const id = await uploaded(engine, await packTestDriver(t, '1.0.0', { type: 'OTHER' }))
  const { status, body } = await engine.send('POST', attached, { id })
  assert.equal(status, 409)
  assert.match(body.detail, /serves OTHER, and provider sdn has the plugin type "ACME"/)
  assert.deepEqual(await engine.list(attached), [])
})

test('a cluster that begins to use a provider gets its driver, and loses it when it no longer does; nobody else is asked', async (t) => {
  const { engine, scene, attached } = await begin(t)
  let asked = 0
  const steady = await hostOf(engine, scene, await startDriverHost(t, () => void asked++), 'steady')
  await engine.ask('POST', attached, { id: await uploaded(engine, await packTestDriver(t, '1.0.0')) })
  await settled(engine, steady, '1.0.0')
  const whenKept = 3 // When it came, before its driver and after it.
  assert.ok(await until(async () => asked === whenKept, settleMs), `asked ${asked} times`)
  const cluster = { name: 'other', data_center: { id: scene.dataCenterId } }
  const { id: other } = await engine.ask('POST', '/clusters', cluster)
  const host = await addHost(engine, other, await startDriverHost(t))
  const isGone = async () => (await engine.list(`/hosts/${host}/driverdeployments`)).length === 0
  const provider = { external_network_providers: { external_provider: [{ id: scene.providerId }] } }
  await engine.ask('PUT', `/clusters/${other}`, provider)
  assert.equal((await settled(engine, host, '1.0.0')).status, 'installed')
  await engine.ask('PUT', `/clusters/${other}`, { external_network_providers: { external_provider: [] } })
  assert.ok(await until(isGone, settleMs))
  await engine.ask('POST', `/clusters/${other}/networks`, { id: scene.networkId, required: 'false' })
  assert.equal((await settled(engine, host, '1.0.0')).status, 'installed')
  // A network more of a provider that its cluster uses already: looked at together with what another cluster needs.
  const more = { name: 'more', data_center: { id: scene.dataCenterId } }
  const { id: moreId } = await engine.ask('POST', '/networks', more)
  await engine.ask('POST', `/clusters/${scene.clusterId}/networks`, { id: moreId, required: 'false' })
  await engine.ask('DELETE', `/clusters/${other}/networks/${scene.networkId}`)
  assert.ok(await until(isGone, settleMs))
  assert.equal(asked, whenKept, 'its drivers are as they were')
})
