// The engine's networks: attached to clusters, with vNIC profiles, and removed here or everywhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { importNetwork, makeNetwork, referenceTo, setScene, startTestEngine } from '../../testing/test-engine.ts'

test('an external network is attached only when it is said that it is not required', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const { networkId } = await importNetwork(engine, { ...scene, externalId: await makeNetwork(provider, 'red') })
  const attached = `/clusters/${scene.clusterId}/networks`
  for (const body of [{ id: networkId }, { id: networkId, required: 'true' }]) {
    const { status, body: fault } = await engine.send('POST', attached, body)
    assert.equal(status, 400)
    assert.match(fault.detail, /External network cannot be set as required in the cluster/)
  }
  const { status, body, headers } = await engine.send('POST', attached, { id: networkId, required: 'false' })
  assert.deepEqual([status, body.id, body.required], [201, networkId, 'false'])
  assert.equal(headers.get('location'), `/ovirt-engine/api${attached}/${networkId}`)
  const again = await engine.send('POST', attached, { id: networkId, required: 'false' })
  assert.equal(again.status, 409)
  assert.match(again.body.detail, /The network red is attached to the cluster already/)
  assert.deepEqual((await engine.list(attached)).map(({ name }) => name).sort(), ['blue', 'red'])
  await engine.ask('DELETE', `${attached}/${networkId}`)
  assert.equal((await engine.send('DELETE', `${attached}/${networkId}`)).status, 404)
})

test('a network of another data center is not attached', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { networkId } = await setScene(engine, provider)
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'other' })
  const { id } = await engine.ask('POST', '/clusters', { name: 'other', data_center: { id: dataCenterId } })
  const byId = await engine.send('POST', `/clusters/${id}/networks`, { id: networkId, required: 'false' })
  assert.equal(byId.status, 400)
  assert.match(byId.body.detail, /The network blue belongs to another data center/)
  const byName = await engine.send('POST', `/clusters/${id}/networks`, { name: 'blue', required: 'false' })
  assert.equal(byName.status, 404)
  const nothing = await engine.send('POST', `/clusters/${id}/networks`, { required: 'false' })
  assert.equal(nothing.body.reason, 'Incomplete parameters')
  assert.equal((await engine.send('POST', '/clusters/x/networks', { id: networkId, required: 'false' })).status, 404)
})

test('a network that a VM of the cluster uses is not detached', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { clusterId, profileId, networkId } = await setScene(engine, provider)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  const { status, body } = await engine.send('DELETE', `/clusters/${clusterId}/networks/${networkId}`)
  assert.equal(status, 409)
  assert.match(body.detail, /Cannot detach Network from Cluster. This logical network is used by VM: vm/)
})

test('a vNIC profile has a name of its own in its network, and properties with names that nobody else uses', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const { networkId } = scene
  const add = (body: object) => engine.send('POST', '/vnicprofiles', { network: { id: networkId }, ...body })

  const { status, body } = await add({
    name: 'tagged',
    description: 'd',
    custom_properties: {
      custom_property: [
        { name: 'SecurityGroups', value: '' },
        { name: 'qos', value: '1 & <2>' },
      ],
    },
  })
  assert.equal(status, 201)
  assert.deepEqual(body.custom_properties, {
    custom_property: [
      { name: 'SecurityGroups', value: '' },
      { name: 'qos', value: '1 & <2>' },
    ],
  })
  assert.equal((await add({ name: 'tagged' })).status, 409)
  assert.equal((await add({ name: 'blue' })).status, 409, 'the one that came with the network')
  assert.equal((await add({})).body.reason, 'Incomplete parameters')
  assert.equal((await add({ name: 'x', network: { id: 'unknown' } })).status, 404)
  assert.equal((await add({ name: 'x', network: undefined })).body.reason, 'Incomplete parameters')

  const below = await engine.ask('POST', `/networks/${networkId}/vnicprofiles`, { name: 'below' })
  assert.deepEqual(below.network, referenceTo('networks', networkId))
  const other = await importNetwork(engine, { ...scene, externalId: await makeNetwork(provider, 'red') })
  assert.equal((await add({ name: 'tagged', network: { id: other.networkId } })).status, 201, 'another network')
  assert.deepEqual(
    (await engine.list(`/networks/${networkId}/vnicprofiles`)).map(({ name }) => name),
    ['blue', 'tagged', 'below'],
  )
  assert.equal((await engine.list('/vnicprofiles')).length, 5)
})

test('property names that the engine or hook scripts use themselves, or that no XML can hold, are refused', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { networkId } = await setScene(engine, provider)
  const add = (property: object) =>
    engine.send('POST', '/vnicprofiles', { name: 'p', network: { id: networkId }, custom_properties: [property] })
  for (const name of [
    'vnic_id',
    'provider_type',
    'plugin_type',
    'security_groups',
    'vmId',
    'PATH',
    'PYTHONPATH',
    '_hook_domxml',
    '_hook_json',
    '1st',
    'a b',
    'a:b',
    '<x>',
    '',
    '-x',
  ]) {
    const { status, body } = await add({ name, value: 'v' })
    assert.equal(status, 400, name)
    assert.match(body.detail, /is reserved, or is not a valid XML name/, name)
  }
  assert.equal((await add({ value: 'v' })).status, 400, 'no name')
  for (const value of ['\u0000', 'a\u001bb', '\uffff', '\ud800', 'x'.repeat(4001)]) {
    const { status, body } = await add({ name: 'ok', value })
    assert.equal(status, 400, JSON.stringify(value).slice(0, 20))
    assert.match(body.detail, /The custom property "ok" must be a text/)
  }
  assert.equal((await add({ name: 'ok', value: 'tab\tand\nline' })).status, 201)
})

test('a profile that a vNIC uses stays', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { clusterId, profileId } = await setScene(engine, provider)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  const nic = await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  const { status, body } = await engine.send('DELETE', `/vnicprofiles/${profileId}`)
  assert.equal(status, 409)
  assert.match(body.detail, /Cannot remove vNIC profile. This VM network interface profile is used by VM: vm/)
  await engine.ask('DELETE', `/vms/${vmId}/nics/${nic.id}`)
  await engine.ask('DELETE', `/vnicprofiles/${profileId}`)
  assert.equal((await engine.send('DELETE', `/vnicprofiles/${profileId}`)).status, 404)
})

test('a network is removed from the engine alone unless it is said otherwise', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { networkId, clusterId, externalId } = await setScene(engine, provider)
  assert.deepEqual(await engine.ask('DELETE', `/networks/${networkId}`), { status: 'complete' })
  for (const path of ['/networks', '/vnicprofiles', `/clusters/${clusterId}/networks`])
    assert.deepEqual(await engine.list(path), [], path)
  assert.equal((await provider.send('GET', `/networks/${externalId}`)).status, 200)
  assert.equal((await engine.send('DELETE', `/networks/${networkId}`)).status, 404)
  const [event] = await engine.list('/events')
  assert.deepEqual([event.code, event.description], ['944', 'Network blue was removed.'])
})

test('a network is removed from its provider too where that is asked for, in any way of saying yes', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  let { networkId, externalId } = scene
  for (const yes of ['true', 'TRUE', '1']) {
    await engine.ask('DELETE', `/networks/${networkId}?remove_from_provider=${yes}`)
    assert.equal((await provider.send('GET', `/networks/${externalId}`)).status, 404, yes)
    externalId = await makeNetwork(provider, 'blue')
    networkId = (await importNetwork(engine, { ...scene, externalId })).networkId
  }
  assert.equal((await engine.send('DELETE', `/networks/${networkId}?remove_from_provider=maybe`)).status, 400)
  await engine.ask('DELETE', `/networks/${networkId}?remove_from_provider=false`)
  assert.equal((await provider.send('GET', `/networks/${externalId}`)).status, 200)
})

test('a network that its provider no longer has can be removed from both', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { networkId, externalId } = await setScene(engine, provider)
  await provider.send('DELETE', `/networks/${externalId}`)
  await engine.ask('DELETE', `/networks/${networkId}?remove_from_provider=true`)
  assert.deepEqual(await engine.list('/networks'), [])
})

test('when the provider refuses, the network is back with all that belongs to it', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { networkId, clusterId, externalId } = await setScene(engine, provider)
  await engine.ask('POST', '/vnicprofiles', {
    name: 'second',
    network: { id: networkId },
    custom_properties: [{ name: 'a', value: 'b' }],
  })
  await provider.send('POST', '/ports', { port: { network_id: externalId } })
  const look = () =>
    Promise.all([
      engine.ask('GET', `/networks/${networkId}`),
      engine.list(`/networks/${networkId}/vnicprofiles`),
      engine.list(`/clusters/${clusterId}/networks`),
    ])
  const before = await look()

  const { status, body } = await engine.send('DELETE', `/networks/${networkId}?remove_from_provider=true`)
  assert.equal(status, 400)
  assert.match(body.detail, /answered 409: .*There are one or more ports still in use on the network/)
  assert.deepEqual(await look(), before)
  const [event] = await engine.list('/events')
  assert.equal(event.code, '9441')
  assert.match(event.description, /^Failed to remove network blue: .*ports still in use/)
})

test('a network of a read-only provider is removed from the engine only', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { networkId, providerId, externalId } = await setScene(engine, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { read_only: 'true' })
  const { status, body } = await engine.send('DELETE', `/networks/${networkId}?remove_from_provider=true`)
  assert.equal(status, 400)
  assert.equal(body.detail, '[Cannot remove Network. External network provider sdn is read only.]')
  assert.equal((await engine.send('GET', `/networks/${networkId}`)).status, 200)
  await engine.ask('DELETE', `/networks/${networkId}`)
  assert.equal((await provider.send('GET', `/networks/${externalId}`)).status, 200)
})

test('a network that a VM uses is not removed', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { networkId, clusterId, profileId } = await setScene(engine, provider)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  for (const query of ['', '?remove_from_provider=true']) {
    const { status, body } = await engine.send('DELETE', `/networks/${networkId}${query}`)
    assert.equal(status, 409)
    assert.match(body.detail, /Cannot remove Network. This logical network is used by VM: vm/)
  }
  assert.equal((await provider.send('GET', '/networks')).body.networks.length, 1)
})

test('who uses networks and profiles is named, also where there are many; a name of two networks is none', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const { networkId, profileId, clusterId, providerId, dataCenterId } = scene
  const red = await importNetwork(engine, { ...scene, externalId: await makeNetwork(provider, 'red') })
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: red.networkId, required: 'false' })
  for (const name of ['web', 'mail']) {
    const { id } = await engine.ask('POST', '/vms', { name, cluster: { id: clusterId } })
    for (const profile of [profileId, red.profileId])
      await engine.ask('POST', `/vms/${id}/nics`, { name: `nic-${profile}`, vnic_profile: { id: profile } })
  }
  const { id: other } = await engine.ask('POST', '/datacenters', { name: 'other' })
  await engine.ask('POST', '/networks', { name: 'blue', data_center: { id: other } })
  const before = await engine.list('/networks')
  for (const [method, path, body, status, detail] of [
    ['DELETE', `/networks/${networkId}`, undefined, 409, /This logical network is used by VMs: \(2\): web, mail\n/],
    ['DELETE', `/vnicprofiles/${profileId}`, undefined, 409, /interface profile is used by VMs \(2\): web, mail\n/],
    [
      'DELETE',
      `/openstacknetworkproviders/${providerId}`,
      undefined,
      409,
      /External networks are used by .*:\nblue \(VM web, VM mail\)\nred \(VM web, VM mail\)\n/,
    ],
    ['POST', '/vnicprofiles', { name: 'x', network: { name: 'blue' } }, 400, /several Networks with the name blue/],
  ] as const) {
    const answer = await engine.send(method, path, body)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.detail, detail)
  }
  assert.deepEqual(await engine.list('/networks'), before)
  assert.equal((await engine.list(`/datacenters/${dataCenterId}/networks`)).length, 2)
})
