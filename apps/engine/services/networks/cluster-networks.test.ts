// What a network may be for in a cluster; labels; what must be gone before a network goes; vNICs on hosts' own bridges.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { referenceTo, setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost } from '../../testing/test-host.ts'

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const add = (name: string, body: object = {}) =>
    engine.ask('POST', `/datacenters/${scene.dataCenterId}/networks`, { name, ...body })
  const attached = `/clusters/${scene.clusterId}/networks`
  const usages = async (id: string) => (await engine.ask('GET', `${attached}/${id}`)).usages.usage as string[]
  return { ...scene, provider, engine, add, attached, usages }
}

test('a network in a cluster has roles, of which each but vm is for one network', async (t) => {
  const { engine, add, attached, usages } = await startScene(t)
  const [{ id: first }, { id: second }] = [await add('first'), await add('second')]
  const made = await engine.ask('POST', attached, { id: first, usages: { usage: ['vm', 'display', 'migration'] } })
  assert.deepEqual([made.required, made.display, made.usages.usage], ['true', 'true', ['vm', 'display', 'migration']])
  await engine.ask('POST', attached, { name: 'second', required: 'false', display: 'true' })
  assert.deepEqual(
    [await usages(first), await usages(second)],
    [
      ['vm', 'migration'],
      ['vm', 'display'],
    ],
  )
  await engine.ask('PUT', `${attached}/${second}`, { usages: ['migration', 'gluster', 'default_route'] })
  const { required, display } = await engine.ask('PUT', `${attached}/${second}`, {})
  assert.deepEqual([required, display], ['false', 'false'], 'what is left out stays')
  assert.deepEqual(
    [await usages(first), await usages(second)],
    [['vm'], ['vm', 'migration', 'default_route', 'gluster']],
  )
  const told = (await engine.list('/events')).filter(({ code }) => ['946', '1112'].includes(code))
  assert.equal(told[0].description, 'Network second on Cluster c updated.')
  await engine.ask('DELETE', `${attached}/${second}`)
  assert.equal((await engine.list('/events'))[0].description, 'Network second detached from Cluster c')
  assert.equal((await engine.send('GET', `${attached}/${second}`)).status, 404)
})

test('roles that a network cannot have are refused, and nothing changes', async (t) => {
  const { engine, add, attached, networkId, clusterId } = await startScene(t)
  const { id: own } = await add('own')
  const { id: isolated } = await add('isolated', { port_isolation: 'true' })
  await engine.ask('POST', attached, { id: own, usages: ['vm', 'management'] })
  await engine.ask('DELETE', `${attached}/${networkId}`)
  const refused: [string, string, object, number, RegExp][] = [
    ['POST', attached, { id: networkId, required: 'false', display: 'true' }, 400, /cannot be used as a display/],
    ['POST', attached, { id: networkId }, 400, /External network cannot be set as required/],
    ['POST', attached, { id: networkId, usages: ['management'] }, 400, /Management network has to be not external/],
    ['POST', attached, { id: networkId, usages: ['default_route'] }, 400, /Default route network cannot be external/],
    ['POST', attached, { id: own }, 409, /attached to the cluster already/],
    ['POST', attached, { id: 'x' }, 404, /Network x does not exist/],
    ['POST', attached, { id: isolated, usages: ['management'], required: 'false' }, 400, /'isolated' must be required/],
    ['PUT', `${attached}/${own}`, { usages: ['vm'] }, 400, /Unsetting management network property is not allowed/],
    ['PUT', `${attached}/${own}`, { required: 'false' }, 400, /management network 'own' must be required/],
    ['PUT', `${attached}/${networkId}`, { display: 'false' }, 404, /Network of the cluster/],
    ['DELETE', `${attached}/${own}`, {}, 400, /The Management Network \('own'\) is mandatory/],
    ['DELETE', `/networks/${own}`, {}, 400, /The Management Network \('own'\) is mandatory/],
  ]
  const before = await engine.list(attached)
  for (const [method, path, body, status, text] of refused) {
    const answer = await engine.send(method, path, body)
    assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(body)} ${answer.body.detail}`)
    assert.match(answer.body.detail, text)
    assert.deepEqual(await engine.list(attached), before)
  }
  await engine.ask('PUT', `/clusters/${clusterId}`, { switch_type: 'ovs' })
  const onOvs = await engine.send('POST', attached, { id: isolated })
  assert.match(onOvs.body.detail, /Port isolation requires Cluster Switch Type Linux Bridge/)
})

test('the management role moves in a cluster without hosts, not in one with hosts', async (t) => {
  const { engine, add, attached, usages, clusterId } = await startScene(t)
  const [{ id: first }, { id: second }] = [await add('first'), await add('second')]
  for (const id of [first, second]) await engine.ask('POST', attached, { id, usages: ['vm', 'management'] })
  assert.deepEqual([await usages(first), await usages(second)], [['vm'], ['vm', 'management']])
  await addHost(engine, clusterId, await startTestHost(t))
  const { status, body } = await engine.send('PUT', `${attached}/${first}`, { usages: ['vm', 'management'] })
  assert.equal(status, 400)
  assert.match(body.detail, /Changing management network in a non-empty cluster is not allowed/)
})

test('a required network is operational while every host that is up has it', async (t) => {
  const { engine, add, attached, networkId, clusterId } = await startScene(t)
  const { id } = await add('own')
  await engine.ask('POST', attached, { id })
  const statuses = async () => [
    (await engine.ask('GET', `${attached}/${id}`)).status,
    (await engine.ask('GET', `${attached}/${networkId}`)).status,
  ]
  assert.deepEqual(await statuses(), ['operational', 'operational'])
  const having = await startTestHost(t)
  having.answer('Host.getCapabilities', async () => ({ networks: { own: { bridged: true } } }))
  await addHost(engine, clusterId, having)
  assert.deepEqual(await statuses(), ['operational', 'operational'])
  const lacking = await startTestHost(t)
  lacking.answer('Host.getCapabilities', async () => ({ networks: {} }))
  const lackingId = await addHost(engine, clusterId, lacking, 'lacking')
  assert.deepEqual(await statuses(), ['non_operational', 'operational'])
  await engine.ask('POST', `/hosts/${lackingId}/deactivate`)
  await engine.ask('DELETE', `/hosts/${lackingId}`)
  assert.deepEqual(await statuses(), ['operational', 'operational'])
})

test("labels are for networks of the engine's own, one for each", async (t) => {
  const { engine, add, networkId } = await startScene(t)
  const { id } = await add('own')
  const labels = `/networks/${id}/networklabels`
  assert.deepEqual(await engine.list(labels), [])
  const { status, body, headers } = await engine.send('POST', labels, { id: 'red_1' })
  assert.deepEqual([status, body.id, body.network], [201, 'red_1', referenceTo('networks', id)])
  assert.equal(headers.get('location'), `/ovirt-engine/api${labels}/red_1`)
  const refused: [string, object, number, RegExp][] = [
    [labels, { id: 'blue' }, 400, /The specified network is already labeled/],
    [labels, { id: 'a b' }, 400, /English letters, numbers, hyphen or underscore/],
    [labels, {}, 400, /NetworkLabel \[id\] required/],
    [`/networks/${networkId}/networklabels`, { id: 'red' }, 400, /not supported for external networks/],
    ['/networks/x/networklabels', { id: 'red' }, 404, /Network x does not exist/],
  ]
  for (const [path, given, wanted, text] of refused) {
    const answer = await engine.send('POST', path, given)
    assert.equal(answer.status, wanted, path)
    assert.match(answer.body.detail, text)
  }
  assert.equal((await engine.send('GET', `${labels}/blue`)).status, 404)
  assert.equal((await engine.ask('GET', `${labels}/red_1`)).id, 'red_1')
  await engine.ask('DELETE', `${labels}/red_1`)
  assert.deepEqual(await engine.list(labels), [])
})

test('a network that others are linked to stays', async (t) => {
  const { engine, add, providerId } = await startScene(t)
  const { id: physical } = await add('floor')
  // The embedded provider has no physical networks; an unmanaged one is not asked.
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { unmanaged: 'true' })
  const linked = await engine.send('POST', '/networks', {
    name: 'linked',
    data_center: { name: 'dc' },
    external_provider: { id: providerId },
    external_provider_physical_network: { id: physical },
  })
  assert.equal(linked.status, 201, linked.text)
  const { status, body } = await engine.send('DELETE', `/networks/${physical}`)
  assert.equal(status, 409)
  assert.match(body.detail, /Cannot remove physical network linked to external networks: linked\./)
  await engine.ask('DELETE', `/networks/${linked.body.id}`)
  await engine.ask('DELETE', `/networks/${physical}`)
})

test("a vNIC on a network of the engine's own hangs on the host's bridge, without any provider", async (t) => {
  const { engine, provider, add, attached, clusterId } = await startScene(t)
  const host = await startTestHost(t)
  await addHost(engine, clusterId, host)
  const { id } = await add('own', { mtu: '9000', port_isolation: 'true' })
  await engine.ask('POST', attached, { id, required: 'false' })
  const [profile] = await engine.list(`/networks/${id}/vnicprofiles`)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
  await engine.ask('POST', `/vms/${vmId}/start`)
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic2', vnic_profile: { id: profile.id } })
  const told = [
    host.calls.find(({ method }) => method === 'VM.create')!.params.vmParams.xml,
    host.calls.find(({ method }) => method === 'VM.hotplugNic')!.params.params.xml,
  ]
  for (const xml of told) {
    assert.match(xml, /<link state="up"\/><source bridge="own"\/><port isolated="yes"\/>/)
    assert.match(xml, /<mtu size="9000"\/><filterref filter="vdsm-no-mac-spoofing"\/><bandwidth\/>/)
    assert.doesNotMatch(xml, /vnic_id|provider_type|plugin_type/)
  }
  assert.deepEqual((await provider.send('GET', '/ports')).body.ports, [])
  await engine.ask('POST', `/vms/${vmId}/stop`)
  const { status, body } = await engine.send('DELETE', `/networks/${id}`)
  assert.equal(status, 409)
  assert.match(body.detail, /This logical network is used by VM: vm\n - Please remove it from this VM/)
  await engine.ask('DELETE', `/vms/${vmId}`)
  await engine.ask('DELETE', `/networks/${id}`)
})

test('in a cluster with OVS, VMs have external networks only', async (t) => {
  const { engine, add, attached, clusterId } = await startScene(t)
  const { id } = await add('own')
  await engine.ask('POST', attached, { id, required: 'false' })
  const [profile] = await engine.list(`/networks/${id}/vnicprofiles`)
  await engine.ask('PUT', `/clusters/${clusterId}`, { switch_type: 'ovs' })
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  const nic = { name: 'nic1', vnic_profile: { id: profile.id } }
  const { status, body } = await engine.send('POST', `/vms/${vmId}/nics`, nic)
  assert.equal(status, 400)
  assert.match(body.detail, /Only an external network may be attached to VM in a cluster with OVS switch type/)
})
