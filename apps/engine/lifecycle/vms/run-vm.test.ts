// Running and stopping a VM: its ports first, then the host; and back when something fails on the way.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../../lab/until.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { referenceTo, setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost, untilIdle } from '../../testing/test-host.ts'

async function startWithVm(t: TestContext, nicNames: readonly string[] = ['nic1', 'nic2']) {
  const provider = await startTestProvider(t)
  const host = await startTestHost(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const hostId = await addHost(engine, scene.clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', {
    name: 'vm',
    cluster: { id: scene.clusterId },
    custom_properties: [{ name: 'sap', value: 'a<b' }],
  })
  for (const name of nicNames)
    await engine.ask('POST', `/vms/${vmId}/nics`, { name, vnic_profile: { id: scene.profileId } })
  const ports = async () => (await provider.send('GET', '/ports')).body.ports as any[]
  const vm = () => engine.ask('GET', `/vms/${vmId}`)
  return {
    ...scene,
    provider,
    host,
    hostId,
    engine,
    vmId,
    vm,
    ports,
    start: () => engine.send('POST', `/vms/${vmId}/start`),
  }
}

test('a VM that runs has a port for each plugged vNIC, bound to its host, and the host has them all', async (t) => {
  const { engine, start, vm, vmId, host, hostId, ports } = await startWithVm(t)
  const nics = await engine.list(`/vms/${vmId}/nics`)
  await engine.ask('POST', `/vms/${vmId}/nics/${nics[1].id}/deactivate`)
  assert.equal((await start()).body.status, 'complete')
  const { status, host: where } = await vm()
  assert.deepEqual([status, where], ['up', referenceTo('hosts', hostId)])
  // This host reports no binding id for the provider's plugin type: its address is used.
  assert.deepEqual(
    (await ports()).map((port) => [port.device_id, port['binding:host_id']]),
    [[nics[0].id, '127.0.0.1']],
  )
  const create = host.calls.find(({ method }) => method === 'VM.create')!
  assert.equal(create.params.vmID, vmId)
  const { xml } = create.params.vmParams
  assert.match(xml, new RegExp(`<name>vm</name><uuid>${vmId}</uuid><memory unit="KiB">1048576</memory>`))
  assert.match(xml, /<ovirt-vm:custom><ovirt-vm:sap>a&lt;b<\/ovirt-vm:sap><\/ovirt-vm:custom>/)
  assert.deepEqual(
    [...xml.matchAll(/<mac address="([^"]+)"/g)].map(([, mac]) => mac),
    [nics[0].mac.address],
  )
  assert.equal((await start()).status, 409, 'it runs already')
  assert.match((await start()).body.fault.detail, /Cannot run VM. VM vm is up/)
})

test('a stopped VM keeps its ports and gets them back at the next start', async (t) => {
  const { engine, start, vm, vmId, host, ports } = await startWithVm(t)
  await start()
  const before = (await ports()).map(({ id }) => id)
  await engine.ask('POST', `/vms/${vmId}/stop`)
  const stopped = await vm()
  assert.deepEqual([stopped.status, stopped.host, host.vms.size], ['down', undefined, 0])
  await start()
  assert.deepEqual(
    (await ports()).map(({ id }) => id),
    before,
  )
})

test('a VM that the host does not start goes back to down, and its new ports are gone', async (t) => {
  const { start, vm, vmId, host, ports } = await startWithVm(t)
  host.answer('VM.create', async ({ vmID }) => {
    host.vms.set(vmID as string, { status: 'Down', exitReason: 1, exitMessage: 'a hook said no', macs: [] })
    return {}
  })
  const { status, body } = await start()
  assert.equal(status, 400)
  assert.equal(body.fault.detail, '[VM vm did not start: a hook said no]')
  const { status: now, status_detail: why } = await vm()
  assert.deepEqual([now, why], ['down', 'VM vm did not start: a hook said no'])
  assert.deepEqual(await ports(), [])
  assert.equal(host.vms.has(vmId), false, 'the host forgot it')
})

test('a port that cannot be had stops the start before the host is asked; the others go again', async (t) => {
  const { start, vm, host, ports, provider, externalId, engine, vmId } = await startWithVm(t)
  // Somebody else has the address of one vNIC on this network.
  const [, nic] = await engine.list(`/vms/${vmId}/nics`)
  await provider.send('POST', '/ports', { port: { network_id: externalId, mac_address: nic.mac.address } })
  const { status, body } = await start()
  assert.equal(status, 400)
  assert.match(body.fault.detail, /sdn: .* answered 409: .*The mac address .* is in use/)
  assert.equal((await vm()).status, 'down')
  assert.equal((await ports()).length, 1, 'only the other one')
  assert.ok(!host.calls.some(({ method }) => method === 'VM.create'))
})

test('a VM that an interrupted start left on the host is taken as it is, unless it is dead', async (t) => {
  const { start, vmId, host, engine } = await startWithVm(t)
  host.vms.set(vmId, { status: 'Up', macs: [] })
  assert.equal((await start()).status, 200)
  await engine.ask('POST', `/vms/${vmId}/stop`)
  host.vms.set(vmId, { status: 'Down', macs: [] })
  host.calls.length = 0
  assert.equal((await start()).status, 200)
  const order = host.calls.map(({ method }) => method).filter((method) => method !== 'VM.getStats')
  assert.deepEqual(order, ['VM.create', 'VM.destroy', 'VM.create'])
})

test('a VM that goes down by itself is down here too, with the reason, and can be started again', async (t) => {
  const { start, vm, vmId, host, engine } = await startWithVm(t)
  await start()
  host.change(vmId, { status: 'Down', exitReason: 1, exitMessage: 'killed', macs: [] })
  assert.ok(await until(async () => (await vm()).status === 'down', 5_000))
  await untilIdle(engine)
  assert.equal((await vm()).status_detail, 'killed')
  assert.equal(host.vms.size, 0)
  const [event] = await engine.list('/events?search=code%3D119')
  assert.equal(event.description, 'VM vm is down on host h: killed')
  assert.equal((await start()).status, 200)
})

test('a VM that goes down while something is done with it is noticed afterwards', async (t) => {
  const { start, vm, vmId, host, engine } = await startWithVm(t, [])
  await start()
  host.answer('VM.hotplugNic', async () => {
    host.change(vmId, { status: 'Down', exitReason: 1, exitMessage: 'killed', macs: [] })
    throw vdsmError('VMIsDown', { vmId })
  })
  assert.equal((await engine.send('POST', `/vms/${vmId}/nics`, { name: 'nic1' })).status, 400)
  assert.ok(await until(async () => (await vm()).status === 'down', 5_000))
  assert.equal((await vm()).status_detail, 'killed')
})

test('what became of a VM while the host was away is seen when it is back', async (t) => {
  const { start, vm, vmId, host, engine, hostId } = await startWithVm(t)
  await start()
  await host.crash()
  assert.ok(await until(async () => (await engine.ask('GET', `/hosts/${hostId}`)).status === 'non_responsive', 5_000))
  assert.equal((await vm()).status, 'up', 'nothing is known of it')
  host.vms.delete(vmId)
  await host.start()
  assert.ok(await until(async () => (await vm()).status === 'down', 10_000))
  assert.equal((await vm()).status_detail, 'it is gone')
})

test('a stop that does not reach the host leaves the VM with a status that is the truth later', async (t) => {
  const { start, vm, vmId, host, engine, hostId } = await startWithVm(t)
  await start()
  await host.crash()
  const { status, body } = await engine.send('POST', `/vms/${vmId}/stop`)
  assert.equal(status, 400)
  assert.match(body.fault.detail, /Host h failed: /)
  assert.equal((await vm()).status, 'unknown')
  const [told] = await engine.list('/events?search=code%3D142')
  assert.equal(told.description, 'VM vm was set to the Unknown status.')
  assert.ok(await until(async () => (await engine.ask('GET', `/hosts/${hostId}`)).status === 'non_responsive', 5_000))
  assert.match((await engine.send('DELETE', `/hosts/${hostId}`)).text, /VMs are still running on this Host: vm/)
  await host.start()
  assert.ok(await until(async () => (await vm()).status === 'up', 10_000))
})

test('a VM is removed only when it is down', async (t) => {
  const { start, vmId, engine, ports } = await startWithVm(t)
  await start()
  const { status, body } = await engine.send('DELETE', `/vms/${vmId}`)
  assert.deepEqual([status, body.detail], [409, '[Cannot remove VM. VM vm is up.]'])
  await engine.ask('POST', `/vms/${vmId}/stop`)
  await engine.ask('DELETE', `/vms/${vmId}`)
  assert.deepEqual(await ports(), [])
})
