// What the lifecycle of a vNIC costs its provider: always the same few requests, however many ports there are.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider, type TestProvider } from '../../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost, untilIdle } from '../../testing/test-host.ts'
import { startTestProxy } from '../../testing/test-proxy.ts'

async function startScene(t: TestContext, hidden?: RegExp) {
  const provider = await startTestProvider(t)
  const proxy = await startTestProxy(t, provider.url, hidden)
  const other = await startTestHost(t)
  const host = await startTestHost(t, [other])
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider, proxy.url)
  await addHost(engine, scene.clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  await engine.ask('POST', `/vms/${vmId}/start`)
  /** The requests to the provider during some work, with the ids taken out. */
  const requests = async (work: () => Promise<unknown>) => {
    proxy.seen.length = 0
    await work()
    return proxy.seen.map((line) => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'))
  }
  /** A second host, which the provider knows by another name. */
  const addOther = async () => {
    await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
    other.answer('Host.getCapabilities', async () => ({ openstack_binding_host_ids: { TEST: 'other-host' } }))
    await addHost(engine, scene.clusterId, other, 'other')
  }
  return { ...scene, provider, engine, vmId, addOther, requests, nics: `/vms/${vmId}/nics` }
}

async function fill(provider: TestProvider, networkId: string, count: number): Promise<void> {
  const add = (index: number) =>
    provider.send('POST', '/ports', {
      port: { network_id: networkId, device_owner: 'oVirt', device_id: `device-${index}` },
    })
  for (let from = 0; from < count; from += 100)
    await Promise.all(Array.from({ length: Math.min(100, count - from) }, (_, index) => add(from + index)))
}

const lookUp = 'GET /v2.0/ports?device_id=ID&device_owner=oVirt'

test('a plug asks the provider the same with 10 ports and with 2,000, and looks its port up by device_id', async (t) => {
  const { engine, provider, externalId, nics, profileId, requests } = await startScene(t)
  const plug = (name: string) => requests(() => engine.ask('POST', nics, { name, vnic_profile: { id: profileId } }))
  await fill(provider, externalId, 10)
  const withFew = await plug('nic1')
  await fill(provider, externalId, 1_990)
  const withMany = await plug('nic2')
  assert.deepEqual(withFew, [lookUp, 'GET /v2.0/networks/ID', 'POST /v2.0/ports'])
  assert.deepEqual(withMany, [lookUp, 'POST /v2.0/ports'], 'the project of a network is asked for once')
})

test('every other step of the lifecycle has its few requests too', async (t) => {
  const { engine, nics, profileId, requests, vmId } = await startScene(t)
  const { id } = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: profileId } })
  const nic = `${nics}/${id}`
  assert.deepEqual(await requests(() => engine.ask('POST', `${nic}/deactivate`)), [], 'the port is kept')
  // The port has no security groups, so the real engine resets them at every plug.
  const update = 'PUT /v2.0/ports/ID'
  assert.deepEqual(await requests(() => engine.ask('POST', `${nic}/activate`)), [lookUp, update])
  assert.deepEqual(await requests(() => engine.ask('POST', `/vms/${vmId}/stop`)), [])
  assert.deepEqual(await requests(() => engine.ask('POST', `/vms/${vmId}/start`)), [lookUp, update])
  await engine.ask('POST', `/vms/${vmId}/stop`)
  assert.deepEqual(await requests(() => engine.ask('DELETE', nic)), [lookUp, 'DELETE /v2.0/ports/ID'])
  assert.deepEqual(await requests(() => engine.ask('DELETE', `/vms/${vmId}`)), [], 'a VM without vNICs')
})

for (const [what, hidden, expected] of [
  [
    'prepares the port at its destination, and activates it there',
    /^$/,
    [
      ...[lookUp, 'GET /v2.0/extensions/binding-extended', 'POST /v2.0/ports/ID/bindings'],
      ...[lookUp, 'PUT /v2.0/ports/ID/bindings/HOST/activate', 'DELETE /v2.0/ports/ID/bindings/HOST'],
    ],
  ],
  [
    'of a provider without bindings re-binds the port when the VM has moved',
    /extensions|bindings/,
    [
      ...[lookUp, 'GET /v2.0/extensions/binding-extended', lookUp, 'GET /v2.0/extensions/binding-extended'],
      'PUT /v2.0/ports/ID',
    ],
  ],
] as const)
  test(`a migration ${what}`, async (t) => {
    const { engine, provider, addOther, nics, profileId, requests, vmId } = await startScene(t, hidden)
    await addOther()
    await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: profileId } })
    const hostOf = async () => (await provider.send('GET', '/ports')).body.ports[0]['binding:host_id']
    assert.equal(await hostOf(), 'the-host')
    const seen = await requests(() => engine.ask('POST', `/vms/${vmId}/migrate`, {}))
    assert.deepEqual(
      seen.map((line) => line.replace(/bindings\/[^/]+/, 'bindings/HOST')),
      expected,
    )
    assert.equal(await hostOf(), 'other-host')
  })

test('a vNIC that is deleted while its provider is away is gone at once; its port goes later, and an event tells', async (t) => {
  const { engine, provider, providerId, nics, profileId } = await startScene(t)
  const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: profileId } })
  await engine.ask('POST', `${nics}/${nic.id}/deactivate`)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url: 'http://127.0.0.1:1' })
  await engine.ask('DELETE', `${nics}/${nic.id}`)
  assert.deepEqual(await engine.list(nics), [])
  const events = await engine.list('/events?search=code%3D1149')
  assert.equal(events.length, 1)
  assert.equal(events[0].severity, 'warning')
  assert.match(
    events[0].description,
    new RegExp(
      `^Failed to remove vNIC nic1 from external network provider sdn\\. The vNIC can be identified on the provider by device id ${nic.id}\\. .* refused the connection`,
    ),
  )
  assert.equal((await provider.send('GET', '/ports')).body.ports.length, 1)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url: provider.url })
  await untilIdle(engine)
  assert.deepEqual((await provider.send('GET', '/ports')).body.ports, [])
  assert.equal((await engine.list('/events?search=code%3D1149')).length, 1, 'told once')
})
