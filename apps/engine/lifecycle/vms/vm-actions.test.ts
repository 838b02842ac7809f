// What is done with VMs beside starting, stopping and moving them: shut down, rebooted, suspended, resumed; and what their
// hosts tell of them meanwhile.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../../lab/until.ts'
import { methods, startWithRunningVm } from '../../testing/test-running-vm.ts'

async function startScene(t: TestContext) {
  const scene = await startWithRunningVm(t)
  const { engine, vmId, host } = scene
  const vm = () => engine.ask('GET', `/vms/${vmId}`)
  return {
    ...scene,
    vm,
    act: (action: string, body = {}) => engine.send('POST', `/vms/${vmId}/${action}`, body),
    /** The host tells of it by itself. */
    change: (status: string, more = {}) => host.change(vmId, { status, macs: host.vms.get(vmId)?.macs ?? [], ...more }),
    becomes: (status: string) => until(async () => (await vm()).status === status, 5_000),
    eventsOf: async (code: number) =>
      (await engine.list(`/events?search=code%3D${code}`)).map(({ description }) => description),
  }
}

test('a shutdown asks the guest; when it has ended by itself, the VM is down and that is no failure', async (t) => {
  const { act, vm, host, change, becomes, eventsOf, ports, addNic, vmId } = await startScene(t)
  await addNic()
  assert.equal((await act('shutdown')).body.status, 'complete')
  assert.equal((await vm()).status, 'powering_down')
  const { method, params } = host.calls.at(-1)!
  assert.deepEqual([method, params.vmID, params.reboot, params.force], ['VM.shutdown', vmId, false, false])
  change('Down', { exitCode: 0, exitReason: 7, exitMessage: 'User shut down from within the guest' })
  assert.ok(await becomes('down'))
  assert.equal((await vm()).status_detail, undefined)
  assert.ok(await until(async () => (await eventsOf(61)).length === 1, 2_000))
  assert.equal((await ports()).length, 1, 'its port stays')
  assert.match((await eventsOf(73)).join(), /VM vm is shut down/)
})

test('a guest that ignores a shutdown is up again, and can be stopped', async (t) => {
  const { act, change, becomes, vm } = await startScene(t)
  await act('shutdown')
  change('Up')
  assert.ok(await becomes('up'))
  await act('shutdown')
  assert.equal((await act('shutdown')).status, 200, 'it may be asked again')
  assert.equal((await act('stop')).status, 200)
  assert.equal((await vm()).status, 'down')
})

test('a reboot is told as such until the host says that the VM is up', async (t) => {
  const { act, change, becomes, vm, host, eventsOf } = await startScene(t)
  assert.equal((await act('reboot')).status, 200)
  assert.deepEqual([(await vm()).status, host.calls.at(-1)!.params.reboot], ['reboot_in_progress', true])
  change('Up')
  assert.ok(await becomes('up'))
  assert.match((await eventsOf(157)).join(), /VM vm is rebooted/)
})

test('a host that cannot ask the guest leaves the VM as it is', async (t) => {
  const { act, vm, host, eventsOf } = await startScene(t)
  host.answer('VM.shutdown', async () => {
    throw vdsmError('HookError', ['no'])
  })
  for (const [action, code] of [
    ['shutdown', 74],
    ['reboot', 158],
  ] as const) {
    assert.equal((await act(action)).status, 400)
    assert.equal((await vm()).status, 'up')
    assert.equal((await eventsOf(code)).length, 1)
  }
})

test('a suspended VM keeps its ports, goes on from its saved state on its host, and gets its ports again', async (t) => {
  const { act, vm, host, hostId, ports, addNic, vmId, engine, nics } = await startScene(t)
  const nic = (await addNic()).body
  const before = await ports()
  assert.equal((await act('suspend')).status, 200)
  const suspended = await vm()
  assert.deepEqual([suspended.status, suspended.host, host.vms.size], ['suspended', undefined, 0])
  const saving = host.calls.find(({ method }) => method === 'VM.hibernate')!
  assert.match(saving.params.hiberVolHandle, /^([0-9a-f-]{36},){5}[0-9a-f-]{36}$/)
  assert.deepEqual(await ports(), before)
  for (const [method, path] of [
    ['PUT', `${nics}/${nic.id}`],
    ['POST', `${nics}/${nic.id}/deactivate`],
    ['DELETE', `/vms/${vmId}`],
  ] as const)
    assert.equal((await engine.send(method, path, {})).status, 409, path)
  await engine.ask('POST', `/hosts/${hostId}/deactivate`)
  const removal = await engine.send('DELETE', `/hosts/${hostId}`)
  assert.deepEqual([removal.status, /VM vm/.test(removal.text)], [409, true], 'its state is on that host')
  await engine.ask('POST', `/hosts/${hostId}/activate`)

  assert.equal((await act('start')).status, 200)
  assert.deepEqual([(await vm()).status, (await vm()).host.id], ['up', hostId])
  const create = host.calls.at(-2)!
  assert.equal(create.method, 'VM.create')
  assert.equal(create.params.vmParams.hiberVolHandle, saving.params.hiberVolHandle)
  assert.match(create.params.vmParams.xml, new RegExp(nic.mac.address))
  assert.equal((await ports())[0].id, before[0].id)
  await act('stop')
  await act('start')
  assert.equal(host.calls.at(-2)!.params.vmParams.hiberVolHandle, undefined, 'the state was used up')
})

test('a resume that fails leaves the VM suspended; stopped, its state is given up', async (t) => {
  const { act, vm, host, ports, addNic } = await startScene(t)
  await addNic()
  await act('suspend')
  host.answer('VM.create', async () => {
    throw vdsmError('HookError', ['no'])
  })
  assert.equal((await act('start')).status, 400)
  assert.equal((await vm()).status, 'suspended')
  assert.equal((await ports()).length, 1)
  host.answer('VM.create', undefined)
  assert.equal((await act('stop')).status, 200)
  assert.equal((await vm()).status, 'down')
  await act('start')
  const creates = host.calls.filter(({ method }) => method === 'VM.create')
  assert.equal(creates.at(-1)!.params.vmParams.hiberVolHandle, undefined)
})

test('a VM that its host could not save goes on', async (t) => {
  const { act, vm, host, eventsOf } = await startScene(t)
  host.answer('VM.hibernate', async () => true)
  const { status, body } = await act('suspend')
  assert.equal(status, 400)
  assert.match(body.fault.detail, /VM vm was not suspended: the host kept it, and only its log says why/)
  assert.equal((await vm()).status, 'up')
  host.answer('VM.hibernate', async () => {
    throw vdsmError('HookError', ['no'])
  })
  assert.equal((await act('suspend')).status, 400)
  assert.deepEqual([(await vm()).status, (await eventsOf(502)).length], ['up', 2])
})

test('a host that is lost while it saves a VM is asked what became of it', async (t) => {
  const { act, vm, host, vmId } = await startScene(t)
  host.answer('VM.hibernate', async () => {
    host.vms.set(vmId, { status: 'Down', exitCode: 0, exitReason: 5, macs: [] })
    await host.crash()
    await host.start()
  })
  assert.equal((await act('suspend')).status, 200)
  assert.equal((await vm()).status, 'suspended')
})

test('a VM that stands still is told as paused, and start lets it go on without a word to its provider', async (t) => {
  const { act, change, becomes, vm, host, addNic, ports, eventsOf } = await startScene(t)
  await addNic()
  const [before] = await ports()
  change('Paused')
  assert.ok(await becomes('paused'))
  host.calls.length = 0
  assert.equal((await act('start')).status, 200)
  assert.deepEqual([(await vm()).status, methods(host.calls)], ['up', ['VM.cont']])
  assert.equal((await ports())[0].revision_number, before.revision_number)
  change('Paused')
  assert.ok(await becomes('paused'))
  host.answer('VM.cont', async () => {
    throw vdsmError('HookError', ['no'])
  })
  assert.equal((await act('start')).status, 400)
  assert.equal((await vm()).status, 'paused')
  assert.deepEqual(await eventsOf(40), ['VM vm was resumed.'])
  assert.match((await eventsOf(103)).join(), /^Failed to resume VM vm: Hook Error/)
})

test('a VM that is to start paused stands still until it is started again', async (t) => {
  const { act, vm, host, engine, vmId } = await startScene(t)
  await act('stop')
  assert.equal((await engine.send('POST', `/vms/${vmId}/start`, { pause: 'true' })).status, 200)
  assert.equal((await vm()).status, 'paused')
  host.calls.length = 0
  assert.equal((await act('start')).status, 200)
  assert.deepEqual([(await vm()).status, methods(host.calls)], ['up', ['VM.cont']])
})

test('a VM whose guest has not answered yet is powering up: it runs, and takes vNICs', async (t) => {
  const { act, vm, host, addNic, change, becomes } = await startScene(t)
  await act('stop')
  host.answer('VM.create', async ({ vmID }) => {
    host.vms.set(vmID as string, { status: 'Powering up', macs: [] })
    return {}
  })
  assert.equal((await act('start')).status, 200)
  assert.equal((await vm()).status, 'powering_up')
  const added = await addNic({ plugged: 'false' })
  assert.equal(added.status, 409, 'as in the real engine, which adds to a VM that is up')
  change('Up')
  assert.ok(await becomes('up'))
})

test('a VM that runs where the engine believes it down is taken over', async (t) => {
  const { act, change, becomes, vm, hostId } = await startScene(t)
  await act('stop')
  change('Up')
  assert.ok(await becomes('up'))
  assert.equal((await vm()).host.id, hostId)
})

test('a migration is cancelled on its source, when there is one', async (t) => {
  const { act, eventsOf } = await startScene(t)
  const { status, body } = await act('cancelmigration')
  assert.equal(status, 409)
  assert.match(body.fault.detail, /Cannot cancel migration. VM vm is not migrating/)
  assert.deepEqual(await eventsOf(161), [])
})

test('a VM is changed; what its host was told only while it is down', async (t) => {
  const { engine, vm, vmId, act, eventsOf } = await startScene(t)
  const put = (change: object) => engine.send('PUT', `/vms/${vmId}`, change)
  const { status, body } = await put({ name: 'web', description: 'd', comment: 'c' })
  assert.equal(status, 200)
  assert.deepEqual([body.name, body.description, body.comment, body.status], ['web', 'd', 'c', 'up'])
  for (const change of [{ memory: '2147483648' }, { custom_properties: [{ name: 'sap', value: '1' }] }]) {
    const refused = await put(change)
    assert.equal(refused.status, 409, refused.text)
    assert.match(refused.body.detail, /Memory and custom properties of VM web can be changed when it is down/)
  }
  assert.equal((await put({ memory: body.memory, custom_properties: [] })).status, 200, 'that is no change')
  await act('stop')
  assert.equal((await put({ memory: '2147483648', name: 'web' })).body.memory, '2147483648')
  await engine.ask('POST', '/vms', { name: 'other', cluster: body.cluster })
  for (const [change, expected] of [
    [{ name: 'other' }, 409],
    [{ name: '' }, 400],
    [{ memory: '1' }, 400],
    [{ description: '\u0001' }, 400],
    [{ cluster: { id: 'unknown' } }, 400],
  ] as const)
    assert.equal((await put(change)).status, expected, JSON.stringify(change))
  assert.deepEqual([(await vm()).name, (await eventsOf(35)).length > 0], ['web', true])
})
