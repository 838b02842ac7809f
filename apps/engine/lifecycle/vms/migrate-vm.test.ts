// Migration, seen from the engine: whatever is lost on the way, the VM is afterwards where the hosts say it is.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../../lab/until.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost, type TestHost, untilIdle } from '../../testing/test-host.ts'

async function startWithTwoHosts(t: TestContext) {
  const provider = await startTestProvider(t)
  const destination = await startTestHost(t)
  const source = await startTestHost(t, [destination])
  // A binding id of its own for each, as real hosts have it.
  for (const [host, id] of [
    [source, 'host-a'],
    [destination, 'host-b'],
  ] as const)
    host.answer('Host.getCapabilities', async () => ({ openstack_binding_host_ids: { TEST: id } }))
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  const ids = {
    source: await addHost(engine, scene.clusterId, source, 'a'),
    destination: await addHost(engine, scene.clusterId, destination, 'b'),
  }
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: scene.profileId } })
  await engine.ask('POST', `/vms/${vmId}/start`, { vm: { host: { name: 'a' } } })
  const nameOf = new Map([
    [ids.source, 'a'],
    [ids.destination, 'b'],
  ])
  return {
    engine,
    provider,
    source,
    destination,
    ids,
    vmId,
    migrate: () => engine.send('POST', `/vms/${vmId}/migrate`, {}),
    /** Status, host, and the host that the port is bound to. */
    async place() {
      const { status, host } = await engine.ask('GET', `/vms/${vmId}`)
      const [port] = (await provider.send('GET', '/ports')).body.ports
      return [status, nameOf.get(host?.id), port['binding:host_id']]
    },
    /** `host-a ACTIVE` … */
    async bindings() {
      const [port] = (await provider.send('GET', '/ports')).body.ports
      const { bindings } = (await provider.send('GET', `/ports/${port.id}/bindings`)).body
      return bindings.map((each: any) => `${each.host} ${each.status}`)
    },
  }
}

const isOn = ({ vms }: TestHost, vmId: string) => vms.get(vmId)?.status === 'Up'

test('how far a migration has come is told by its job and by the statistics of the VM', async (t) => {
  const { engine, migrate, source, vmId, place } = await startWithTwoHosts(t)
  const leaving = { vmId, status: 'Migration Source', migrationProgress: 40, elapsedTime: '12', network: {} }
  source.answer('VM.migrate', async () => {
    source.answer('VM.getStats', async () => [leaving])
    return true
  })
  const moving = migrate()
  const stepOf = async () => {
    const job = (await engine.list('/jobs')).find(({ description }) => description === 'Migrate VM vm')
    return job && (await engine.list(`/jobs/${job.id}/steps`)).find(({ description }) => description === 'move')
  }
  assert.ok(await until(async () => (await stepOf())?.progress === '40', 5_000))
  const statistics = await engine.list(`/vms/${vmId}/statistics`)
  const told = Object.fromEntries(statistics.map(({ name, values }) => [name, values.value?.[0]?.datum]))
  assert.deepEqual(
    [told['migration.progress'], told['elapsed.time'], told['memory.installed']],
    ['40', '12', '1073741824'],
  )
  source.answer('VM.getStats', undefined)
  assert.equal((await moving).status, 400, 'the source kept it')
  assert.deepEqual((await place()).slice(0, 2), ['up', 'a'])
  const still = await engine.list(`/vms/${vmId}/statistics`)
  assert.deepEqual(still.find(({ name }) => name === 'migration.progress').values.value, [])
})

test('a VM that moved is on the other host, and so is its port; the first host forgets it', async (t) => {
  const { migrate, place, source, destination, vmId, engine } = await startWithTwoHosts(t)
  assert.deepEqual(await place(), ['up', 'a', 'host-a'])
  assert.equal((await migrate()).body.status, 'complete')
  assert.deepEqual(await place(), ['up', 'b', 'host-b'])
  assert.ok(isOn(destination, vmId))
  assert.equal(source.vms.has(vmId), false)
  const call = source.calls.find(({ method }) => method === 'VM.migrate')!
  const dst = `127.0.0.1:${destination.port}`
  assert.deepEqual(call.params, { vmID: vmId, params: { vmId, dst, mode: 'remote', method: 'online' } })
  const [event, begun] = await engine.list('/events')
  assert.deepEqual([event.code, event.description], ['63', 'Migration of VM vm to host b completed.'])
  assert.deepEqual(
    [begun.code, begun.description, begun.host.name],
    ['62', 'Migration started (VM: vm, Source: a, Destination: b, User: the engine).', 'a'],
  )
})

test('its port is prepared at the destination before it moves, and is at one host afterwards', async (t) => {
  const { migrate, bindings, source, destination, vmId } = await startWithTwoHosts(t)
  let during: string[] = []
  source.answer('VM.migrate', async () => {
    during = await bindings()
    destination.vms.set(vmId, source.vms.get(vmId)!)
    source.vms.set(vmId, { status: 'Down', exitReason: 4, macs: [] })
  })
  assert.equal((await migrate()).status, 200)
  assert.deepEqual(during, ['host-a ACTIVE', 'host-b INACTIVE'])
  assert.deepEqual(await bindings(), ['host-b ACTIVE'])
})

test('what was prepared for a migration that failed is taken back, also when the provider was away', async (t) => {
  const { migrate, bindings, source, engine, provider } = await startWithTwoHosts(t)
  const [{ id: providerId }] = await engine.list('/openstacknetworkproviders')
  const move = (url: string) => engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url })
  for (const isAway of [false, true]) {
    source.answer('VM.migrate', async () => {
      assert.deepEqual(await bindings(), ['host-a ACTIVE', 'host-b INACTIVE'])
      if (isAway) await move('http://127.0.0.1:1')
      throw vdsmError('MigrationError')
    })
    const { status, body } = await migrate()
    assert.equal(status, 400)
    assert.match(body.fault.detail, /Fatal error during migration/)
    await move(provider.url)
    await untilIdle(engine)
    assert.deepEqual(await bindings(), ['host-a ACTIVE'])
  }
})

test('a VM goes to no other host than the one asked for, and not to where it is', async (t) => {
  const { engine, vmId, place } = await startWithTwoHosts(t)
  const here = await engine.send('POST', `/vms/${vmId}/migrate`, { host: { name: 'a' } })
  assert.equal(here.status, 409)
  assert.match(here.body.fault.detail, /a runs the VM already; b is not the host asked for/)
  assert.equal((await engine.send('POST', `/vms/${vmId}/migrate`, { host: { name: 'c' } })).status, 404)
  assert.deepEqual(await place(), ['up', 'a', 'host-a'])
})

test('a source that refuses, or keeps the VM, has it still', async (t) => {
  const { migrate, place, source, engine } = await startWithTwoHosts(t)
  source.answer('VM.migrate', async () => {
    throw vdsmError('MigrationError')
  })
  const refused = await migrate()
  assert.equal(refused.status, 400)
  assert.match(refused.body.fault.detail, /Fatal error during migration/)
  assert.deepEqual(await place(), ['up', 'a', 'host-a'])

  source.answer('VM.migrate', async () => ({}))
  const kept = await migrate()
  assert.equal(kept.status, 400)
  assert.match(kept.body.fault.detail, /VM vm was not migrated: the host kept it, and only its log says why/)
  const status = { code: 12, message: 'Fatal error during migration: not now' }
  source.answer('VM.getMigrationStatus', async () => ({ status, progress: 0 }))
  assert.match((await migrate()).body.fault.detail, /VM vm was not migrated: the host kept it: Fatal error .*: not now/)
  assert.deepEqual(await place(), ['up', 'a', 'host-a'])
  const [event] = await engine.list('/events')
  assert.equal(event.code, '65')
  source.answer('VM.migrate', undefined)
  assert.equal((await migrate()).status, 200)
})

test('a call that was lost on the way may have begun the move: the source host knows', async (t) => {
  const { migrate, place, source, destination, vmId } = await startWithTwoHosts(t)
  source.answer('VM.migrate', async () => {
    destination.vms.set(vmId, source.vms.get(vmId)!)
    source.vms.set(vmId, { status: 'Down', exitReason: 4, macs: [] })
    await source.crash()
    await source.start()
  })
  assert.equal((await migrate()).status, 200)
  assert.deepEqual(await place(), ['up', 'b', 'host-b'])
  assert.equal(source.vms.has(vmId), false)
})

test('when the source is lost and the VM has arrived, it is there; the source forgets it when it is back', async (t) => {
  const { migrate, place, source, destination, vmId, engine } = await startWithTwoHosts(t)
  source.answer('VM.migrate', async () => {
    destination.vms.set(vmId, source.vms.get(vmId)!)
    source.vms.set(vmId, { status: 'Down', exitReason: 4, macs: [] })
    await source.crash()
  })
  assert.equal((await migrate()).status, 200)
  await untilIdle(engine)
  assert.deepEqual(await place(), ['up', 'b', 'host-b'])
  await source.start()
  assert.ok(await until(() => !source.vms.has(vmId), 10_000), 'what was left on the source is gone')
  assert.ok(isOn(destination, vmId))
  assert.deepEqual((await place()).slice(0, 2), ['up', 'b'])
})

test('when the source is lost and nobody knows, the VM is busy until the source is back', async (t) => {
  const { migrate, place, source, vmId, engine } = await startWithTwoHosts(t)
  source.answer('VM.migrate', async () => {
    await source.crash()
  })
  assert.equal((await migrate()).status, 400)
  assert.equal((await engine.send('POST', `/vms/${vmId}/stop`)).status, 409)
  await source.start()
  await untilIdle(engine)
  assert.deepEqual(await place(), ['up', 'a', 'host-a'])
})

test('a VM that is lost by both hosts is down', async (t) => {
  const { migrate, bindings, source, destination, vmId, engine } = await startWithTwoHosts(t)
  source.answer('VM.migrate', async () => {
    source.vms.set(vmId, { status: 'Down', exitReason: 4, macs: [] })
    destination.vms.set(vmId, { status: 'Down', exitReason: 1, exitMessage: 'out of memory', macs: [] })
  })
  const { status, body } = await migrate()
  assert.equal(status, 400)
  assert.match(body.fault.detail, /it is Down on the destination out of memory/)
  const vm = await engine.ask('GET', `/vms/${vmId}`)
  assert.deepEqual([vm.status, vm.status_detail, vm.host], ['down', 'out of memory', undefined])
  assert.deepEqual(await bindings(), ['host-a ACTIVE'])
  assert.deepEqual([source.vms.size, destination.vms.size], [0, 0])
})

test('when the provider is away, the VM moves all the same, and its port follows when the provider is back', async (t) => {
  const { migrate, place, engine, ids, provider } = await startWithTwoHosts(t)
  const [{ id: providerId }] = await engine.list('/openstacknetworkproviders')
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url: 'http://127.0.0.1:1' })
  assert.equal((await migrate()).status, 200)
  assert.deepEqual(await place(), ['up', 'b', 'host-a'])
  const [event] = await engine.list('/events?search=description%3D%22*former%20host*%22')
  assert.match(event.description, /The ports of VM vm still name its former host; .* refused the connection/)
  assert.deepEqual([event.code, event.severity], ['20040', 'warning'])
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url: provider.url })
  await untilIdle(engine)
  assert.deepEqual(await place(), ['up', 'b', 'host-b'])
  assert.ok(ids.destination)
})

test('a host that a VM is on its way to is not removed', async (t) => {
  const { migrate, source, engine, ids, place } = await startWithTwoHosts(t)
  const gate = Promise.withResolvers<void>()
  source.answer('VM.migrate', async () => {
    await gate.promise
    throw vdsmError('MigrationError')
  })
  const moving = migrate()
  assert.ok(await until(async () => (await engine.list('/vms'))[0].status === 'migrating', 2_000))
  assert.ok(await until(() => source.calls.some(({ method }) => method === 'VM.migrate'), 2_000))
  await engine.ask('POST', `/hosts/${ids.destination}/deactivate`)
  const { status, body } = await engine.send('DELETE', `/hosts/${ids.destination}`)
  assert.equal(status, 409)
  assert.match(body.detail, /Related operation \(migrate-vm\) is currently in progress/)
  gate.resolve()
  await moving
  assert.deepEqual(await place(), ['up', 'a', 'host-a'])
  await engine.ask('DELETE', `/hosts/${ids.destination}`)
})

test('a migration that is cancelled leaves the VM and its port where they are', async (t) => {
  const { engine, migrate, place, source, vmId } = await startWithTwoHosts(t)
  const began = Promise.withResolvers<void>()
  source.answer('VM.migrate', async () => {
    source.vms.set(vmId, { ...source.vms.get(vmId)!, status: 'Migration Source' })
    began.resolve()
    return true
  })
  source.answer('VM.migrateCancel', async () => {
    throw vdsmError('ResourceUnavailable')
  })
  const cancel = async () => (await engine.send('POST', `/vms/${vmId}/cancelmigration`)).status
  const migrating = migrate()
  await began.promise
  assert.equal(await cancel(), 400, 'the host refuses')
  assert.equal((await engine.list('/events?search=code%3D162')).length, 1)
  source.answer('VM.migrateCancel', async () => {
    source.change(vmId, { ...source.vms.get(vmId)!, status: 'Up' })
    return true
  })
  assert.equal(await cancel(), 200)
  assert.equal((await migrating).status, 400)
  await untilIdle(engine)
  assert.deepEqual(await place(), ['up', 'a', 'host-a'])
  assert.equal((await engine.list('/events?search=code%3D161')).length, 1)
})
