// Hot plug and unplug: what provider and host are asked, and what is left when one of them refuses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../../lab/until.ts'
import { untilIdle } from '../../testing/test-host.ts'
import { methods, startWithRunningVm } from '../../testing/test-running-vm.ts'

test('a vNIC that is added to a running VM gets a port on its host and is plugged there', async (t) => {
  const { engine, host, ports, addNic, externalId, nics } = await startWithRunningVm(t)
  const { status, body: nic } = await addNic()
  assert.deepEqual([status, nic.plugged], [201, 'true'])
  const [port, ...others] = await ports()
  assert.deepEqual(others, [])
  assert.deepEqual(
    [port.name, port.device_id, port.device_owner, port.network_id, port.mac_address, port['binding:host_id']],
    ['nic1', nic.id, 'oVirt', externalId, nic.mac.address, 'the-host'],
  )
  assert.deepEqual([port.admin_state_up, port.tenant_id], [true, ''])
  assert.deepEqual(methods(host.calls), ['VM.hotplugNic'])
  const { xml } = host.calls[0]!.params.params
  assert.match(xml, new RegExp(`<alias name="ua-${nic.id}"/><mac address="${nic.mac.address}"/><mtu size="1450"/>`))
  assert.match(xml, new RegExp(`<ovirt-vm:vnic_id>${port.id}</ovirt-vm:vnic_id>`))
  const [event] = await engine.list('/events?search=code%3D1012')
  assert.equal(event.description, 'vNIC nic1 of VM vm was plugged.')
  assert.equal((await engine.send('DELETE', `${nics}/${nic.id}`)).status, 409, 'plugged into a running VM')
})

test('unplugged, a vNIC keeps its port; plugged again, it has the same; deleted, none', async (t) => {
  const { engine, host, ports, addNic, nics } = await startWithRunningVm(t)
  const { id } = (await addNic()).body
  const [{ id: portId }] = await ports()
  await engine.ask('POST', `${nics}/${id}/deactivate`)
  assert.equal((await ports())[0].id, portId)
  assert.equal((await engine.ask('GET', `${nics}/${id}`)).plugged, 'false')
  await engine.ask('POST', `${nics}/${id}/activate`)
  assert.equal((await ports())[0].id, portId)
  await engine.ask('POST', `${nics}/${id}/deactivate`)
  await engine.ask('DELETE', `${nics}/${id}`)
  assert.deepEqual(await ports(), [])
  const expected = ['VM.hotplugNic', 'VM.hotunplugNic', 'VM.hotplugNic', 'VM.hotunplugNic']
  assert.deepEqual(methods(host.calls), expected)
  const unplug = host.calls[1]!.params.params.xml
  assert.equal(unplug, `<hotunplug><devices><interface><alias name="ua-${id}"/></interface></devices></hotunplug>`)
})

test('a vNIC that is plugged or unplugged already costs the host no call', async (t) => {
  const { engine, host, addNic, nics } = await startWithRunningVm(t)
  const { id } = (await addNic()).body
  await engine.ask('POST', `${nics}/${id}/activate`)
  await engine.ask('POST', `${nics}/${id}/deactivate`)
  await engine.ask('POST', `${nics}/${id}/deactivate`)
  assert.deepEqual(methods(host.calls), ['VM.hotplugNic', 'VM.hotunplugNic'])
})

test('a vNIC on no network is plugged with its link down and without a port', async (t) => {
  const { host, ports, addNic } = await startWithRunningVm(t)
  assert.equal((await addNic({ vnic_profile: undefined })).status, 201)
  assert.deepEqual(await ports(), [])
  const { xml } = host.calls[0]!.params.params
  assert.match(xml, /<link state="down"\/><source bridge=";vdsmdummy;"\/>/)
})

test('when the host refuses a new vNIC, neither it nor its port is left', async (t) => {
  const { engine, host, ports, addNic, nics, vmId } = await startWithRunningVm(t)
  host.answer('VM.hotplugNic', async () => {
    throw vdsmError('HookError', ['port not found'])
  })
  const { status, body } = await addNic()
  assert.deepEqual([status, body.reason], [400, 'Operation Failed'])
  assert.match(body.detail, /^\[The host refused: Hook Error: \('port not found',\) \(code 1500\)\]$/)
  assert.deepEqual([await ports(), await engine.list(nics)], [[], []])
  assert.deepEqual(methods(host.calls), ['VM.hotplugNic', 'VM.hotunplugNic'])
  assert.equal((await engine.ask('GET', `/vms/${vmId}`)).status, 'up')
  const [event] = await engine.list('/events?search=code%3D1013')
  assert.match(event.description, /^Failed to plug vNIC nic1 of VM vm: Hook Error/)
  const [notAdded] = await engine.list('/events?search=code%3D933')
  assert.match(notAdded.description, /^Failed to add vNIC nic1 to VM vm: Hook Error/)
  host.answer('VM.hotplugNic', undefined)
  assert.equal((await addNic()).status, 201, 'the name is free again')
})

test('when the host refuses a vNIC that had a port, the port stays', async (t) => {
  const { engine, host, ports, addNic, nics } = await startWithRunningVm(t)
  const { id } = (await addNic()).body
  await engine.ask('POST', `${nics}/${id}/deactivate`)
  const [before] = await ports()
  host.answer('VM.hotplugNic', async () => {
    throw vdsmError('HotplugNicFailed', 'no')
  })
  assert.equal((await engine.send('POST', `${nics}/${id}/activate`)).status, 400)
  assert.deepEqual(
    (await ports()).map((port) => [port.id, port.device_id]),
    [[before.id, id]],
  )
  assert.equal((await engine.ask('GET', `${nics}/${id}`)).plugged, 'false')
})

test('a vNIC that had no port yet has none again when its plug fails', async (t) => {
  const { engine, host, ports, addNic, nics } = await startWithRunningVm(t)
  const { id } = (await addNic({ plugged: 'false' })).body
  assert.deepEqual(await ports(), [])
  host.answer('VM.hotplugNic', async () => {
    throw vdsmError('HotplugNicFailed', 'no')
  })
  assert.equal((await engine.send('POST', `${nics}/${id}/activate`)).status, 400)
  assert.deepEqual(await ports(), [])
  assert.equal((await engine.list(nics)).length, 1)
})

test('when the host is lost in a plug and does not come back, the vNIC is not added, and later the VM is free', async (t) => {
  const { engine, host, ports, addNic, nics, vmId } = await startWithRunningVm(t)
  host.answer('VM.hotplugNic', async () => {
    await host.crash()
  })
  const adding = addNic()
  const { status, body } = await adding
  assert.equal(status, 400)
  assert.match(body.detail, /Host h failed: /)
  const busy = await engine.send('POST', `/vms/${vmId}/stop`)
  assert.equal(busy.status, 409, 'the undo waits for the host')
  assert.match(busy.body.fault.detail, /Related operation \(plug-nic\) is currently in progress/)
  host.answer('VM.hotplugNic', undefined)
  await host.start()
  await untilIdle(engine)
  assert.deepEqual([await ports(), await engine.list(nics)], [[], []])
  assert.equal((await engine.ask('GET', `/vms/${vmId}`)).status, 'up')
})

test('a host that is back in time plugs after all', async (t) => {
  const { host, ports, addNic } = await startWithRunningVm(t)
  let isFirst = true
  host.answer('VM.hotplugNic', async () => {
    if (!isFirst) return {}
    isFirst = false
    await host.crash()
    await host.start()
  })
  assert.equal((await addNic()).status, 201)
  assert.equal((await ports()).length, 1)
  assert.deepEqual(methods(host.calls), ['VM.hotplugNic', 'VM.hotplugNic'])
})

test('an agent that dies of a call each time is not asked for ever', async (t) => {
  const { engine, host, ports, addNic, nics } = await startWithRunningVm(t)
  host.answer('VM.hotplugNic', async () => {
    await host.crash()
    await host.start()
  })
  assert.equal((await addNic()).status, 400)
  await untilIdle(engine)
  assert.deepEqual([await ports(), await engine.list(nics)], [[], []])
  assert.equal(methods(host.calls).filter((method) => method === 'VM.hotplugNic').length, 5)
})

test('of two plugs of a vNIC at once, one wins and the other is told', async (t) => {
  const { engine, ports, addNic, nics, host } = await startWithRunningVm(t)
  const { id } = (await addNic({ plugged: 'false' })).body
  const answers = await Promise.all([1, 2, 3].map(() => engine.send('POST', `${nics}/${id}/activate`)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
  assert.equal((await ports()).length, 1)
  assert.deepEqual(methods(host.calls), ['VM.hotplugNic'])
})

test('vNICs of one VM are plugged side by side, and while they are, the VM is not stopped', async (t) => {
  const { engine, host, ports, addNic, vmId } = await startWithRunningVm(t)
  const gate = Promise.withResolvers<void>()
  let waiting = 0
  host.answer('VM.hotplugNic', async () => {
    waiting += 1
    await gate.promise
    return {}
  })
  const adding = Promise.all(['nic1', 'nic2', 'nic3'].map((name) => addNic({ name })))
  assert.ok(await until(() => waiting === 3, 5_000), 'all three are at the host together')
  const stopping = await engine.send('POST', `/vms/${vmId}/stop`)
  assert.equal(stopping.status, 409)
  assert.match(stopping.body.fault.detail, /Related operation \(plug-nic\)/)
  gate.resolve()
  assert.deepEqual(
    (await adding).map(({ status }) => status),
    [201, 201, 201],
  )
  assert.equal((await ports()).length, 3)
  assert.equal((await engine.send('POST', `/vms/${vmId}/stop`)).status, 200)
})

test('while a VM is being changed, its row cannot be changed either', async (t) => {
  const { engine, host, addNic, nics, vmId } = await startWithRunningVm(t)
  const gate = Promise.withResolvers<void>()
  host.answer('VM.destroy', async () => {
    await gate.promise
    host.vms.delete(vmId)
  })
  const stopping = engine.ask('POST', `/vms/${vmId}/stop`)
  assert.ok(await until(async () => (await engine.ask('GET', `/vms/${vmId}`)).status === 'powering_down', 2_000))
  for (const { status } of [
    await addNic(),
    await addNic({ plugged: 'false' }),
    await engine.send('DELETE', `/vms/${vmId}`),
  ])
    assert.equal(status, 409)
  gate.resolve()
  await stopping
  assert.equal((await addNic()).status, 201)
  assert.equal((await engine.list(nics)).length, 1)
})

test('a host that refuses an unplug keeps the vNIC; one that is lost in it is asked what it did', async (t) => {
  const { engine, host, addNic, nics, vmId } = await startWithRunningVm(t)
  const nic = (await addNic()).body
  host.answer('VM.hotunplugNic', async () => {
    throw vdsmError('HookError', ['no'])
  })
  assert.equal((await engine.send('POST', `${nics}/${nic.id}/deactivate`)).status, 400)
  assert.equal((await engine.ask('GET', `${nics}/${nic.id}`)).plugged, 'true')
  const [event] = await engine.list('/events?max=1')
  assert.deepEqual([event.code, event.severity, event.vm.id], ['1015', 'error', vmId])
  assert.match(event.description, /^Failed to unplug vNIC nic1 of VM vm: ./)

  host.answer('VM.hotunplugNic', async () => {
    host.vms.set(vmId, { status: 'Up', macs: [] })
    await host.crash()
  })
  assert.equal((await engine.send('POST', `${nics}/${nic.id}/deactivate`)).status, 400)
  await host.start()
  await untilIdle(engine)
  assert.equal((await engine.ask('GET', `${nics}/${nic.id}`)).plugged, 'false', 'it had been taken out')
})

test('the correlation id of a request goes to the host with every call that follows from it', async (t) => {
  const { engine, host, profileId, nics, vmId } = await startWithRunningVm(t)
  const nic = { name: 'nic1', vnic_profile: { id: profileId } }
  await engine.send('POST', nics, nic, { 'correlation-id': 'plug-flow' })
  await engine.send('POST', `/vms/${vmId}/stop`, {}, { 'correlation-id': 'stop-flow' })
  assert.deepEqual(
    host.calls.map(({ method, correlationId }) => `${method} ${correlationId}`),
    ['VM.hotplugNic plug-flow', 'VM.destroy stop-flow'],
  )
  const events = await engine.list('/events?search=correlation_id%3D*-flow')
  assert.deepEqual(events.map(({ code }) => code).sort(), ['1012', '33', '932'])
})

test('security groups of the profile go to the port when it is made, and when they changed since', async (t) => {
  const { engine, host, ports, networkId, provider, nics } = await startWithRunningVm(t)
  const { id } = await engine.ask('POST', '/vnicprofiles', {
    name: 'grouped',
    network: { id: networkId },
    custom_properties: [{ name: 'SecurityGroups', value: '' }],
  })
  const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id } })
  assert.deepEqual((await ports())[0].security_groups, [])
  assert.match(host.calls[0]!.params.params.xml, /<ovirt-vm:SecurityGroups><\/ovirt-vm:SecurityGroups>/)
  assert.doesNotMatch(host.calls[0]!.params.params.xml, /security_groups/)
  const unknown = await engine.ask('POST', '/vnicprofiles', {
    name: 'unknown',
    network: { id: networkId },
    custom_properties: [{ name: 'SecurityGroups', value: '11111111-1111-1111-1111-111111111111' }],
  })
  const refused = await engine.send('POST', nics, { name: 'nic2', vnic_profile: { id: unknown.id } })
  assert.equal(refused.status, 400)
  assert.match(refused.body.detail, /answered 404: Security group 11111111-.* does not exist/)
  assert.equal((await engine.list(nics)).length, 1)
  assert.equal((await provider.send('GET', `/ports?device_id=${nic.id}`)).body.ports.length, 1)
})
