// What may change of a network, and of the default provider of a cluster.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost } from '../../testing/test-host.ts'

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const { id: ownId } = await engine.ask('POST', `/datacenters/${scene.dataCenterId}/networks`, { name: 'own' })
  return { ...scene, provider, engine, ownId }
}

test('a network is renamed with its default profile, not with others; its provider is told nothing', async (t) => {
  const { engine, provider, networkId, externalId } = await startScene(t)
  await engine.ask('POST', '/vnicprofiles', { name: 'other', network: { id: networkId } })
  const change = { name: 'navy blue', description: 'd', comment: 'c', mtu: '1400' }
  const before = await engine.ask('GET', `/networks/${networkId}`)
  const after = await engine.ask('PUT', `/networks/${networkId}`, change)
  assert.match(after.vdsm_name, /^on[0-9a-f]{13}$/)
  assert.deepEqual(after, { ...before, ...change, vdsm_name: after.vdsm_name })
  assert.deepEqual(await engine.ask('GET', `/networks/${networkId}`), after)
  const names = (await engine.list(`/networks/${networkId}/vnicprofiles`)).map(({ name }) => name)
  assert.deepEqual(names, ['navy blue', 'other'])
  const { network } = (await provider.send('GET', `/networks/${externalId}`)).body
  assert.equal(network.name, 'blue')
  const [event] = await engine.list('/events')
  assert.deepEqual([event.code, event.description], ['1114', 'Network navy blue was updated.'])
  // What it repeats is no change.
  await engine.ask('PUT', `/networks/${networkId}`, after)
})

test('what may not change is refused, and stays', async (t) => {
  const { engine, networkId, ownId, providerId, dataCenterId } = await startScene(t)
  const { id: other } = await engine.ask('POST', '/datacenters', { name: 'other' })
  const isolated = await engine.ask('POST', '/networks', {
    name: 'isolated',
    port_isolation: 'true',
    data_center: { id: dataCenterId },
  })
  const refused: [string, object, number, RegExp][] = [
    [networkId, { vlan: { id: '5' } }, 400, /External network details/],
    [networkId, { stp: 'true' }, 400, /External network details/],
    [networkId, { usages: {} }, 400, /External network details/],
    [networkId, { external_provider: { id: 'x' } }, 400, /External network details/],
    [networkId, { external_provider_physical_network: { id: ownId } }, 400, /External network details/],
    [networkId, { dns_resolver_configuration: { name_servers: ['192.0.2.1'] } }, 400, /External network details/],
    [networkId, { port_isolation: 'true' }, 400, /Port isolation option cannot be updated/],
    [isolated.id, { port_isolation: 'false' }, 400, /Port isolation option cannot be updated/],
    [ownId, { external_provider: { id: providerId } }, 400, /External network details/],
    [ownId, { data_center: { id: other } }, 400, /Change of Data Center ID is not allowed/],
    [ownId, { data_center: { id: 'x' } }, 404, /Data Center x does not exist/],
    [ownId, { name: 'blue' }, 409, /Cannot edit Network. The name of the logical network 'blue' is already used/],
    [ownId, { name: 'bond1' }, 400, /cannot start with 'bond'/],
    [ownId, { name: '' }, 400, /Network \[name\] required/],
    [ownId, { mtu: '1' }, 400, /MTU must be/],
    [ownId, { vlan: { id: '4095' } }, 400, /VLAN ID/],
    [ownId, { usages: {}, stp: 'true' }, 400, /STP can only be enabled/],
    [ownId, { description: 'x'.repeat(4001) }, 400, /at most 4000 characters/],
  ]
  const before = await engine.list('/networks')
  for (const [id, change, status, text] of refused) {
    const answer = await engine.send('PUT', `/networks/${id}`, change)
    assert.equal(answer.status, status, JSON.stringify(change))
    assert.match(answer.body.detail, text)
    assert.deepEqual(await engine.list('/networks'), before, JSON.stringify(change))
  }
  assert.equal((await engine.send('PUT', '/networks/x', { name: 'y' })).status, 404)
  assert.equal((await engine.send('PUT', `/datacenters/${other}/networks/${ownId}`, { name: 'y' })).status, 404)
})

test('a network that a template knows by its name keeps it, and changes otherwise', async (t) => {
  const { engine, clusterId, networkId, profileId } = await startScene(t)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  assert.equal((await engine.ask('PUT', `/networks/${networkId}`, { name: 'navy' })).name, 'navy', 'a VM does not mind')
  const { id: templateId } = await engine.ask('POST', '/templates', { name: 'web', vm: { id: vmId } })
  const refused = await engine.send('PUT', `/networks/${networkId}`, { name: 'azure', mtu: '1300' })
  assert.equal(refused.status, 409)
  assert.match(refused.body.detail, /^\[Cannot edit Network. This logical network is used by Template: web\n/)
  const after = await engine.ask('PUT', `/networks/${networkId}`, { name: 'navy', mtu: '1300' })
  assert.deepEqual([after.name, after.mtu], ['navy', '1300'])
  await engine.ask('DELETE', `/templates/${templateId}`)
  assert.equal((await engine.ask('PUT', `/networks/${networkId}`, { name: 'azure' })).name, 'azure')
})

test("a network of the engine's own changes in all but its port isolation, and may stop to be for VMs", async (t) => {
  const { engine, ownId } = await startScene(t)
  const change = { vlan: { id: '0' }, stp: 'true', dns_resolver_configuration: { name_servers: ['192.0.2.1'] } }
  const after = await engine.ask('PUT', `/networks/${ownId}`, change)
  assert.deepEqual([after.vlan, after.stp, after.usages], [{ id: '0' }, 'true', { usage: ['vm'] }])
  const plain = await engine.ask('PUT', `/networks/${ownId}`, { vlan: {}, stp: 'false', usages: {} })
  assert.deepEqual([plain.vlan, plain.stp, plain.usages], [undefined, 'false', { usage: [] }])
  assert.deepEqual(await engine.list(`/networks/${ownId}/vnicprofiles`), [])
})

test('another MTU is told as an alert that names the vNICs which keep the old one', async (t) => {
  const { engine, clusterId, profileId, networkId } = await startScene(t)
  const host = await startTestHost(t)
  await addHost(engine, clusterId, host)
  for (const name of ['up', 'down']) {
    const { id } = await engine.ask('POST', '/vms', { name, cluster: { id: clusterId } })
    await engine.ask('POST', `/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
    if (name === 'up') await engine.ask('POST', `/vms/${id}/start`)
  }
  await engine.ask('PUT', `/networks/${networkId}`, { comment: 'no alert' })
  await engine.ask('PUT', `/networks/${networkId}`, { mtu: '1300' })
  const alerts = (await engine.list('/events')).filter(({ code }) => code === '11291')
  assert.equal(alerts.length, 1)
  assert.equal(alerts[0].severity, 'alert')
  assert.match(
    alerts[0].description,
    /^Update to network blue was not applied to virtual network interfaces \[nic1 of VM up\]/,
  )
})

test('another default provider of a cluster: its hosts must be installed again, and that provider stays', async (t) => {
  const { engine, clusterId, providerId, networkId, dataCenterId } = await startScene(t)
  const hostId = await addHost(engine, clusterId, await startTestHost(t))
  const needsInstallation = async () => (await engine.ask('GET', `/hosts/${hostId}`)).reinstallation_required
  const providers = `/clusters/${clusterId}/externalnetworkproviders`
  assert.deepEqual([await engine.list(providers), await needsInstallation()], [[], 'false'])

  await engine.ask('PUT', `/clusters/${clusterId}`, { name: 'renamed', comment: 'c' })
  assert.equal(await needsInstallation(), 'false')
  const unknown = await engine.send('PUT', `/clusters/${clusterId}`, {
    external_network_providers: { external_provider: [{ id: 'x' }] },
  })
  assert.equal(unknown.status, 400)
  assert.match(unknown.body.detail, /The provider does not exist in the system/)
  const wish = { external_network_providers: { external_provider: [{ name: 'sdn' }] } }
  await engine.ask('PUT', `/clusters/${clusterId}`, wish)
  assert.deepEqual(
    (await engine.list(providers)).map(({ id, name }) => [id, name]),
    [[providerId, 'sdn']],
  )
  assert.equal(await needsInstallation(), 'true')

  await engine.ask('DELETE', `/networks/${networkId}`)
  const removal = await engine.send('DELETE', `/openstacknetworkproviders/${providerId}`)
  assert.equal(removal.status, 409)
  assert.match(removal.body.detail, /used as default network provider in the following cluster\/s:\nrenamed\n/)
  await engine.ask('PUT', `/clusters/${clusterId}`, { external_network_providers: {} })
  assert.deepEqual(await engine.list(providers), [])
  const { id } = await engine.ask('POST', '/clusters', { name: 'd', data_center: { id: dataCenterId }, ...wish })
  assert.equal((await engine.list(`/clusters/${id}/externalnetworkproviders`)).length, 1)
})

test('data centers and clusters are edited, but a cluster with hosts keeps its switch type', async (t) => {
  const { engine, clusterId, dataCenterId } = await startScene(t)
  const other = await engine.ask('POST', '/datacenters', { name: 'other', comment: 'c' })
  assert.equal(other.comment, 'c')
  assert.equal((await engine.send('PUT', `/datacenters/${other.id}`, { name: 'dc' })).status, 409)
  const edited = await engine.ask('PUT', `/datacenters/${other.id}`, { name: 'new', description: 'd' })
  assert.deepEqual([edited.name, edited.description, edited.comment], ['new', 'd', 'c'])
  const put = (body: object) => engine.send('PUT', `/clusters/${clusterId}`, body)
  assert.equal((await put({ switch_type: 'ovs' })).body.switch_type, 'ovs')
  await addHost(engine, clusterId, await startTestHost(t))
  assert.equal((await put({ switch_type: 'legacy' })).status, 409)
  assert.equal((await put({ data_center: { id: other.id } })).status, 400)
  assert.equal((await put({ data_center: { id: dataCenterId }, description: 'd' })).body.description, 'd')
  await engine.ask('POST', '/clusters', { name: 'taken', data_center: { id: dataCenterId } })
  assert.equal((await put({ name: 'taken' })).status, 409)
  assert.equal((await put({ comment: 'a\u0000' })).status, 400)
})
