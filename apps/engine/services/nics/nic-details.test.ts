// What is told of a vNIC besides its row: counters and rates, the guest's own addresses, parameters of its filter.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methods, startWithRunningVm } from '../../testing/test-running-vm.ts'

test('counters and rates are those of the host, the rates since it was asked before', async (t) => {
  const { engine, host, hostId, addNic, nics, vmId, networkId } = await startWithRunningVm(t)
  const nic = (await addNic()).body
  const path = `${nics}/${nic.id}/statistics`
  const tell = (rx: number, tx: number, sampleTime: number) => {
    const counters = { rx: String(rx), tx: String(tx), rxErrors: '1', txErrors: '0', sampleTime }
    const network = { tap0: { macAddr: nic.mac.address.toUpperCase(), ...counters } }
    host.answer('VM.getStats', async () => [{ vmId, status: 'Up', network }])
    host.answer('Host.getAllVmStats', async () => [{ vmId, status: 'Up', network }])
  }
  tell(1_000, 500, 10)
  await host.crash()
  await host.start()
  // Asked for all of its VMs when it is back: that is the sample before.
  const read = async () =>
    Object.fromEntries((await engine.list(path)).map(({ name, values }) => [name, values.value[0]?.datum]))
  await engine.ask('POST', `/hosts/${hostId}/refresh`)
  tell(3_000, 1_500, 12)
  assert.deepEqual(await read(), {
    'data.current.rx': '1000',
    'data.current.tx': '500',
    'data.current.rx.bps': '8000',
    'data.current.tx.bps': '4000',
    'errors.total.rx': '1',
    'errors.total.tx': '0',
    'data.total.rx': '3000',
    'data.total.tx': '1500',
  })
  const [first] = await engine.list(path)
  assert.deepEqual([first.kind, first.type, first.unit, first.nic.id], ['gauge', 'decimal', 'bytes_per_second', nic.id])
  assert.deepEqual(await engine.ask('GET', `${path}/${first.id}`), first)
  assert.equal((await engine.send('GET', `${path}/unknown`)).status, 404)
  await host.crash()
  await host.start()
  await engine.ask('POST', `/hosts/${hostId}/refresh`)
  for (const from of [`${nics}/${nic.id}`, `/networks/${networkId}`]) {
    const points: any[] = (await engine.ask('GET', `${from}/traffic`)).points.point
    assert.deepEqual([points.length, points.at(-1).rx, points.at(-1).tx, points[0].rx], [41, '1000', '500', undefined])
  }
  tell(10, 10, 13)
  assert.equal((await read())['data.current.rx'], undefined, 'counters that began anew have no rate yet')
  host.answer('VM.getStats', undefined)
  await engine.ask('POST', `/vms/${vmId}/stop`)
  assert.ok(
    Object.values(await read()).every((datum) => datum === undefined),
    'it does not run',
  )
})

test('the addresses that a guest has are told where it has an agent', async (t) => {
  const { engine, host, addNic, nics, vmId } = await startWithRunningVm(t)
  const nic = (await addNic()).body
  const path = `${nics}/${nic.id}/reporteddevices`
  assert.deepEqual(await engine.list(path), [])
  const eth0 = { name: 'eth0', hw: nic.mac.address, inet: ['10.0.0.5'], inet6: ['fe80::1'] }
  const other = { name: 'eth1', hw: '02:00:00:00:00:99', inet: ['10.0.0.6'] }
  host.answer('VM.getStats', async () => [{ vmId, status: 'Up', netIfaces: [eth0, other] }])
  const [device, ...others] = await engine.list(path)
  assert.deepEqual(others, [])
  assert.deepEqual([device.name, device.type, device.mac.address], ['eth0', 'network', nic.mac.address])
  assert.deepEqual(device.ips.ip, [
    { address: '10.0.0.5', version: 'v4' },
    { address: 'fe80::1', version: 'v6' },
  ])
})

test('parameters of a filter are kept with the vNIC and told to its host with the next plug', async (t) => {
  const { engine, host, nics, clusterId, dataCenterId } = await startWithRunningVm(t)
  const { id: plainId } = await engine.ask('POST', '/networks', { name: 'plain', data_center: { id: dataCenterId } })
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: plainId, required: 'false' })
  const [profile] = await engine.list(`/networks/${plainId}/vnicprofiles`)
  const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: profile.id } })
  const path = `${nics}/${nic.id}/networkfilterparameters`
  const made = await engine.ask('POST', path, { name: 'IP', value: '10.0.0.5' })
  assert.deepEqual([made.name, made.value, made.nic.id], ['IP', '10.0.0.5', nic.id])
  await engine.ask('POST', path, { name: 'CTRL_IP_LEARNING', value: 'none' })
  for (const [body, status] of [
    [{ name: 'IP' }, 400],
    [{ value: 'x' }, 400],
    [{ name: 'a-b', value: 'x' }, 400],
    [{ name: 'IP', value: 'x'.repeat(256) }, 400],
  ] as const)
    assert.equal((await engine.send('POST', path, body)).status, status)
  assert.equal((await engine.ask('PUT', `${path}/${made.id}`, { value: '10.0.0.6' })).value, '10.0.0.6')
  assert.equal((await engine.ask('GET', `${nics}/${nic.id}`)).synced, 'false')
  assert.deepEqual(methods(host.calls), ['VM.hotplugNic'])
  await engine.ask('POST', `${nics}/${nic.id}/deactivate`)
  await engine.ask('POST', `${nics}/${nic.id}/activate`)
  const { xml } = host.calls.at(-1)!.params.params
  const parameters = '<parameter name="IP" value="10.0.0.6"/><parameter name="CTRL_IP_LEARNING" value="none"/>'
  assert.ok(xml.includes(`<filterref filter="vdsm-no-mac-spoofing">${parameters}</filterref>`), xml)
  await engine.ask('DELETE', `${path}/${made.id}`)
  assert.equal((await engine.send('GET', `${path}/${made.id}`)).status, 404)
  assert.equal((await engine.send('DELETE', `${path}/${made.id}`)).status, 404)
  assert.equal((await engine.list(path)).length, 1)
})
