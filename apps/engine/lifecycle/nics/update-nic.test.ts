// Changes of vNICs: what is allowed when, what provider and host are asked for it, and that it is all of it or nothing.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { importNetwork, makeNetwork, setScene, startTestEngine } from '../../testing/test-engine.ts'
import { untilIdle } from '../../testing/test-host.ts'
import { methods, startWithRunningVm } from '../../testing/test-running-vm.ts'

/** A second network of the provider, attached to the cluster. */
async function addNetwork({ engine, provider, ...scene }: Awaited<ReturnType<typeof startWithRunningVm>>) {
  const externalId = await makeNetwork(provider, 'red')
  const { networkId, profileId } = await importNetwork(engine, { ...scene, externalId })
  await engine.ask('POST', `/clusters/${scene.clusterId}/networks`, { id: networkId, required: 'false' })
  return { externalId, profileId }
}

async function startWithPluggedNic(t: TestContext) {
  const scene = await startWithRunningVm(t)
  const red = await addNetwork(scene)
  const nic = (await scene.addNic()).body
  const path = `${scene.nics}/${nic.id}`
  scene.host.calls.length = 0
  return { ...scene, red, nic, path, put: (change: object) => scene.engine.send('PUT', path, change) }
}

test('a vNIC of a VM that is down is changed as a row; what leaves its network leaves no port', async (t) => {
  const scene = await startWithPluggedNic(t)
  const { engine, host, ports, put, path, red, vmId, nic } = scene
  await engine.ask('POST', `/vms/${vmId}/stop`)
  host.calls.length = 0
  const change = { name: 'eth0', mac: { address: '02:00:00:00:00:0A' }, interface: 'e1000e', plugged: 'false' }
  const { status, body } = await put(change)
  assert.equal(status, 200)
  assert.deepEqual(
    [body.name, body.mac.address, body.interface, body.plugged, body.linked],
    ['eth0', '02:00:00:00:00:0a', 'e1000e', 'false', 'true'],
  )
  assert.deepEqual(body.vnic_profile, nic.vnic_profile, 'what is left out stays')
  assert.equal((await ports()).length, 1, 'on the same network the port stays')
  assert.deepEqual((await put({ linked: 'false' })).body.linked, 'false')
  const moved = await put({ vnic_profile: { id: red.profileId } })
  assert.deepEqual([moved.status, moved.body.vnic_profile.id], [200, red.profileId])
  assert.deepEqual(await ports(), [])
  const cleared = await put({ vnic_profile: {} })
  assert.deepEqual([cleared.status, cleared.body.vnic_profile], [200, undefined])
  assert.deepEqual(await engine.ask('GET', path), cleared.body)
  assert.deepEqual(host.calls, [])
  assert.equal((await engine.list('/events?search=code%3D934')).length, 4)
})

test('plugged into a running VM, a vNIC can only be renamed', async (t) => {
  const { engine, put, path, red, host, ports, nic } = await startWithPluggedNic(t)
  const before = await ports()
  for (const [change, status, detail] of [
    [{ vnic_profile: { id: red.profileId } }, 400, /External network cannot be changed while plugged into a running/],
    [{ vnic_profile: {} }, 400, /External network cannot be changed/],
    [{ linked: 'false' }, 400, /cannot be plugged while its link is down/],
    [{ mac: { address: '02:00:00:00:00:01' } }, 409, /Type and MAC address cannot be changed/],
    [{ mac: { address: '02:00:00:00:00:01' }, plugged: 'false' }, 409, /Type and MAC address cannot be changed/],
    [{ interface: 'e1000' }, 409, /Type and MAC address cannot be changed/],
    [{ interface: 'pci_passthrough' }, 400, /vNICs of the type pci_passthrough are not offered/],
    [{ name: '' }, 400, /Nic \[name\] required/],
    [{ vnic_profile: { name: 'red' } }, 400, /VnicProfile \[id\] required/],
  ] as const) {
    const answer = await put(change)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.detail, detail)
  }
  assert.deepEqual(await engine.ask('GET', path), nic)
  assert.deepEqual([methods(host.calls), await ports()], [[], before])
  assert.equal((await put({ name: 'eth0' })).body.name, 'eth0')
  assert.deepEqual([methods(host.calls), await ports()], [[], before])
  const events = await engine.list('/events?search=code%3D935')
  assert.equal(events.length, 6, 'what the request itself forbids is no failed update')
})

test('PUT with plugged is what activate and deactivate are', async (t) => {
  const { engine, put, host, ports } = await startWithPluggedNic(t)
  const [{ id: portId }] = await ports()
  assert.equal((await put({ plugged: 'false' })).body.plugged, 'false')
  assert.equal((await put({ plugged: 'true' })).body.plugged, 'true')
  assert.equal((await put({ plugged: 'true' })).body.plugged, 'true')
  assert.deepEqual(methods(host.calls), ['VM.hotunplugNic', 'VM.hotplugNic'])
  assert.deepEqual(
    (await ports()).map(({ id }) => id),
    [portId],
  )
  const codes = (await engine.list('/events?max=4')).map(({ code }) => code)
  assert.deepEqual(codes, ['934', '934', '1012', '934'])
})

test('one that is unplugged changes its network: the port there goes, and it is plugged with one on the other', async (t) => {
  const { put, host, ports, red, nic } = await startWithPluggedNic(t)
  const [{ id: portId }] = await ports()
  const away = await put({ plugged: 'false', vnic_profile: {} })
  assert.deepEqual([away.status, away.body.plugged, away.body.vnic_profile], [200, 'false', undefined])
  assert.deepEqual([await ports(), methods(host.calls)], [[], ['VM.hotunplugNic']])
  const { status } = await put({ plugged: 'true', vnic_profile: { id: red.profileId } })
  assert.equal(status, 200)
  const [port, ...others] = await ports()
  assert.deepEqual(
    [port.network_id, port.device_id, port['binding:host_id'], others],
    [red.externalId, nic.id, 'the-host', []],
  )
  assert.notEqual(port.id, portId)
  const { xml } = host.calls.at(-1)!.params.params
  assert.match(xml, new RegExp(`<ovirt-vm:vnic_id>${port.id}<`))
})

test('when the host refuses to plug it, the vNIC is as it was before, but the port it left is gone', async (t) => {
  const { engine, put, path, host, ports, red } = await startWithPluggedNic(t)
  await put({ plugged: 'false' })
  const before = await engine.ask('GET', path)
  host.answer('VM.hotplugNic', async () => {
    throw vdsmError('HotplugNicFailed', 'no')
  })
  const { status } = await put({ name: 'eth0', plugged: 'true', vnic_profile: { id: red.profileId } })
  assert.equal(status, 400)
  assert.deepEqual([await engine.ask('GET', path), await ports()], [before, []])
  const [failed] = await engine.list('/events?search=code%3D1013')
  assert.match(failed.description, /^Failed to plug vNIC eth0 of VM vm/)
  host.answer('VM.hotplugNic', undefined)
  assert.equal((await put({ plugged: 'true' })).status, 200)
  assert.equal((await ports()).length, 1)
})

test('when the host refuses to unplug it, nothing is changed', async (t) => {
  const { engine, put, path, host, ports, nic } = await startWithPluggedNic(t)
  const before = await ports()
  host.answer('VM.hotunplugNic', async () => {
    throw vdsmError('HookError', ['no'])
  })
  assert.equal((await put({ name: 'eth0', plugged: 'false', vnic_profile: {} })).status, 400)
  assert.deepEqual([await engine.ask('GET', path), await ports()], [nic, before])
})

test('while the provider is away a vNIC leaves its network all the same; there it is not plugged before its port is gone', async (t) => {
  const scene = await startWithPluggedNic(t)
  const { engine, put, red, providerId, provider, ports } = scene
  await put({ plugged: 'false' })
  const provide = (url: string) => engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url })
  await provide('http://127.0.0.1:9')
  assert.equal((await put({ vnic_profile: { id: red.profileId } })).status, 200)
  const [event] = await engine.list('/events?search=code%3D1149')
  assert.match(event.description, /Failed to remove vNIC nic1 from external network provider sdn/)
  const early = await put({ plugged: 'true' })
  assert.equal(early.status, 409)
  assert.match(early.body.detail, /Cannot allocate the port of nic1. Related operation \(remove-port\)/)
  await provide(provider.url)
  await untilIdle(engine)
  assert.deepEqual(await ports(), [])
  assert.equal((await put({ plugged: 'true' })).status, 200)
  assert.equal((await ports())[0].network_id, red.externalId)
})

test('the link of a plugged vNIC on no network is set on the host, and stays when that refuses', async (t) => {
  const { engine, addNic, nics, host } = await startWithRunningVm(t)
  const { id } = (await addNic({ vnic_profile: undefined })).body
  assert.equal((await engine.ask('PUT', `${nics}/${id}`, { linked: 'false' })).linked, 'false')
  const { method, params } = host.calls.at(-1)!
  assert.deepEqual([method, params.params.deviceType], ['VM.updateDevice', 'interface'])
  assert.match(params.params.xml, new RegExp(`<alias name="ua-${id}"/>`))
  host.answer('VM.updateDevice', async () => {
    if (methods(host.calls).filter((each) => each === 'VM.updateDevice').length === 2)
      throw vdsmError('UpdateDeviceFailed', 'no')
    return {}
  })
  assert.equal((await engine.send('PUT', `${nics}/${id}`, { linked: 'true' })).status, 400)
  assert.equal((await engine.ask('GET', `${nics}/${id}`)).linked, 'false')
})

test("a plugged vNIC goes to another of the engine's own networks, and to none, if its host has that", async (t) => {
  const { engine, addNic, nics, host, hostId, dataCenterId, clusterId } = await startWithRunningVm(t)
  const own = async (name: string) => {
    const { id } = await engine.ask('POST', '/networks', { name, data_center: { id: dataCenterId } })
    await engine.ask('POST', `/clusters/${clusterId}/networks`, { id, required: 'false' })
    return (await engine.list(`/networks/${id}/vnicprofiles`))[0].id as string
  }
  const [a, b, c] = [await own('a'), await own('b'), await own('c')]
  const capabilities = { networks: { a: {}, b: {} }, openstack_binding_host_ids: { TEST: 'the-host' } }
  host.answer('Host.getCapabilities', async () => capabilities)
  await engine.ask('POST', `/hosts/${hostId}/refresh`)
  const { id } = (await addNic({ vnic_profile: { id: a } })).body
  const put = (profile: object) => engine.send('PUT', `${nics}/${id}`, { vnic_profile: profile })
  assert.equal((await put({ id: b })).body.synced, 'true')
  assert.match(host.calls.at(-1)!.params.params.xml, /<link state="up"\/><source bridge="b"\/>/)
  const told = host.calls.length
  const { status, body } = await put({ id: c })
  assert.equal(status, 409)
  assert.equal(body.detail, '[Cannot edit Interface. The host of the VM does not have the network c.]')
  assert.equal(host.calls.length, told)
  assert.equal((await put({})).status, 200)
  assert.match(host.calls.at(-1)!.params.params.xml, /<link state="down"\/><source bridge=";vdsmdummy;"\/>/)
})

test('a vNIC is in sync until what its host was told has changed, and again after a new plug', async (t) => {
  const { engine, path, put, providerId, nic } = await startWithPluggedNic(t)
  assert.equal(nic.synced, 'true')
  const synced = async () => (await engine.ask('GET', path)).synced
  const properties = { property: [{ name: 'zone', value: 'a' }] }
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { properties })
  assert.equal(await synced(), 'false')
  await put({ plugged: 'false' })
  assert.equal(await synced(), 'true', 'unplugged, it will be told the next time')
  assert.equal((await put({ plugged: 'true' })).body.synced, 'true')
})

test('an address is changed to a free one only, and a vNIC is changed below its own VM', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { clusterId } = await setScene(engine, provider)
  const vms = []
  for (const name of ['a', 'b']) vms.push(await engine.ask('POST', '/vms', { name, cluster: { id: clusterId } }))
  const [a, b] = vms.map(({ id }) => `/vms/${id}/nics`)
  const first = await engine.ask('POST', a!, { name: 'nic1' })
  const second = await engine.ask('POST', b!, { name: 'nic1' })
  const taken = await engine.send('PUT', `${b}/${second.id}`, { name: 'eth0', mac: first.mac })
  assert.deepEqual([taken.status, (await engine.ask('GET', `${b}/${second.id}`)).name], [409, 'nic1'])
  assert.match(taken.body.detail, /is in use by another vNIC/)
  assert.equal((await engine.send('PUT', `${a}/${second.id}`, { name: 'eth0' })).status, 404)
  await engine.ask('POST', a!, { name: 'nic2' })
  const twice = await engine.send('PUT', `${a}/${first.id}`, { name: 'nic2' })
  assert.match(twice.body.detail, /The name nic2 is already used/)
  assert.equal((await engine.send('PUT', `${a}/${first.id}`, { name: 'nic1', mac: first.mac })).status, 200)
})
