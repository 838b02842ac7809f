// Engine, provider and hosts that disagree: what is certain is repaired, the rest told, and what others made is let be.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { makeNetwork } from '../testing/test-engine.ts'
import { untilIdle } from '../testing/test-host.ts'
import { startTestProxy } from '../testing/test-proxy.ts'
import { startWithRunningVm } from '../testing/test-running-vm.ts'

async function startScene(t: TestContext) {
  const scene = await startWithRunningVm(t)
  const { engine, provider, nics, addNic, ports } = scene
  const nic = (await addNic()).body
  const reconcile = () => engine.ask('POST', '/reconciliations', {})
  /** Kinds of what was found, and whether it was repaired. */
  const found = async () => {
    const { findings } = await reconcile()
    await untilIdle(engine)
    return (findings.finding as any[]).map(({ kind, repaired }) => `${kind} ${repaired}`)
  }
  const portOf = async (deviceId: string) => (await ports()).filter((port) => port.device_id === deviceId)
  const addPort = (change: object = {}) =>
    provider.send('POST', '/ports', {
      port: { network_id: scene.externalId, device_owner: 'oVirt', device_id: nic.id, ...change },
    })
  const unplug = () => engine.ask('POST', `${nics}/${nic.id}/deactivate`)
  return { ...scene, nic, reconcile, found, portOf, addPort, unplug }
}

test('where all agree nothing is found, and ports of others are counted only', async (t) => {
  const { engine, reconcile, addPort, ports } = await startScene(t)
  await addPort({ device_id: 'of another engine' })
  await addPort({ device_id: 'mine', device_owner: 'compute:nova' })
  const done = await reconcile()
  assert.deepEqual(
    [done.providers, done.hosts, done.ports, done.foreign_ports, done.findings],
    ['1', '1', '2', '1', { finding: [] }],
  )
  assert.ok(done.started <= done.ended)
  assert.equal((await ports()).length, 3)
  assert.deepEqual(await engine.list('/reconciliations'), [done])
  assert.deepEqual(await engine.ask('GET', `/reconciliations/${done.id}`), done)
  assert.equal((await engine.send('GET', '/reconciliations/unknown')).status, 404)
})

test('a port that appears after its vNIC was removed goes, and an event tells', async (t) => {
  const { engine, nics, nic, found, portOf, addPort, unplug } = await startScene(t)
  await unplug()
  await engine.ask('DELETE', `${nics}/${nic.id}`)
  await untilIdle(engine)
  // A request that the engine gave up on is carried out late.
  await addPort()
  assert.deepEqual(await found(), ['port_left true'])
  assert.deepEqual(await portOf(nic.id), [])
  const [event] = await engine.list('/events?search=code%3D20020')
  assert.match(event.description, /The port of vNIC nic1, which is gone, was still on provider sdn and is removed/)
  assert.deepEqual(await found(), [])
})

test('a port on a network that the vNIC left goes; the one it has stays', async (t) => {
  const { provider, nic, found, portOf, addPort } = await startScene(t)
  const [own] = await portOf(nic.id)
  await addPort({ network_id: await makeNetwork(provider, 'red') })
  assert.deepEqual(await found(), ['port_left true'])
  assert.deepEqual(
    (await portOf(nic.id)).map(({ id }) => id),
    [own.id],
  )
})

test('of several ports on its network a vNIC keeps one, once it is unplugged', async (t) => {
  const { nic, found, portOf, addPort, unplug } = await startScene(t)
  await addPort()
  assert.deepEqual(await found(), ['port_doubled false'])
  assert.equal((await portOf(nic.id)).length, 2)
  await unplug()
  assert.deepEqual(await found(), ['port_doubled true'])
  assert.equal((await portOf(nic.id)).length, 1)
})

test('a port that is gone is told once while the vNIC is plugged, and made anew when it is plugged again', async (t) => {
  const { engine, provider, nics, nic, found, portOf, unplug } = await startScene(t)
  const [port] = await portOf(nic.id)
  await provider.send('DELETE', `/ports/${port.id}`)
  assert.deepEqual(await found(), ['port_missing false'])
  assert.deepEqual(await found(), ['port_missing false'])
  assert.match(await (await fetch(`${engine.url}/metrics`)).text(), /^engine_findings\{kind="port_missing"\} 1$/m)
  const told = await engine.list('/events?search=code%3D20021')
  assert.deepEqual(
    told.map(({ description, severity }) => [description, severity]),
    [['vNIC nic1 of VM vm is plugged, but its port is gone: unplug it and plug it again.', 'warning']],
  )
  await unplug()
  assert.deepEqual(await found(), ['port_missing true'])
  await engine.ask('POST', `${nics}/${nic.id}/activate`)
  assert.equal((await portOf(nic.id)).length, 1)
  assert.deepEqual(await found(), [])
})

test('a port that is bound to another host than that of its VM is bound again', async (t) => {
  const { provider, nic, found, portOf } = await startScene(t)
  const [port] = await portOf(nic.id)
  await provider.send('PUT', `/ports/${port.id}`, { port: { 'binding:host_id': 'elsewhere' } })
  assert.deepEqual(await found(), ['binding_differs true'])
  assert.equal((await portOf(nic.id))[0]['binding:host_id'], 'the-host')
})

test('what hosts have and should not have, or the other way round, is told', async (t) => {
  const { host, vmId, reconcile } = await startScene(t)
  host.vms.set('unknown', { status: 'Up', macs: [] })
  host.vms.set(vmId, { status: 'Up', macs: ['02:00:00:00:00:99'] })
  const { findings } = await reconcile()
  assert.deepEqual(findings.finding.map(({ description }: any) => description).sort(), [
    'Host h runs VM unknown, which the engine does not know.',
    'VM vm on host h has a NIC 02:00:00:00:00:99 that is no plugged vNIC of it.',
    'vNIC nic1 of VM vm is plugged, but host h does not have it: unplug it and plug it again.',
  ])
})

test('a provider that is away is told; hosts are compared all the same', async (t) => {
  const { engine, providerId, host, found } = await startScene(t)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url: 'http://127.0.0.1:1' })
  host.vms.set('unknown', { status: 'Up', macs: [] })
  assert.deepEqual(await found(), ['not_compared false', 'vm_unknown false'])
})

test('several at once are one', async (t) => {
  const { engine } = await startScene(t)
  const runs = await Promise.all([1, 2, 3].map(() => engine.ask('POST', '/reconciliations', {})))
  assert.equal(new Set(runs.map(({ id }) => id)).size, 1)
})

test('a vNIC that somebody is at work on is left alone', async (t) => {
  const { engine, provider, host, nics, nic, found, portOf, unplug } = await startScene(t)
  await unplug()
  const hold = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  host.answer('VM.hotplugNic', async () => {
    reached.resolve()
    await hold.promise
    return {}
  })
  const plug = engine.ask('POST', `${nics}/${nic.id}/activate`)
  await reached.promise
  const [port] = await portOf(nic.id)
  await provider.send('DELETE', `/ports/${port.id}`)
  const { findings } = await engine.ask('POST', '/reconciliations', {})
  assert.deepEqual(findings.finding, [])
  hold.resolve()
  await plug
  assert.deepEqual(await found(), ['port_missing false', 'vif_missing false'])
})

test('a provider that is cut off at any call is repaired by the next one', async (t) => {
  const { engine, provider, providerId, externalId, nics, nic, reconcile, addPort, addNic, ports, portOf } =
    await startScene(t)
  const gone = (await addNic({ name: 'gone', plugged: 'true' })).body
  await engine.ask('POST', `${nics}/${gone.id}/deactivate`)
  await engine.ask('DELETE', `${nics}/${gone.id}`)
  await untilIdle(engine)
  const red = await makeNetwork(provider, 'red')
  const proxy = await startTestProxy(t, provider.url)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url: proxy.url })
  await addPort({ device_id: 'of another engine' })
  for (let at = 1, isCut = true; isCut; at++) {
    await addPort({ device_id: gone.id })
    await addPort({ network_id: red })
    const own = (await portOf(nic.id)).find(({ network_id }) => network_id === externalId)
    await provider.send('PUT', `/ports/${own.id}`, { port: { 'binding:host_id': 'elsewhere' } })
    let calls = 0
    isCut = false
    proxy.cut = () => {
      isCut ||= ++calls === at
      return calls === at
    }
    await reconcile()
    proxy.cut = () => false
    await reconcile()
    await untilIdle(engine)
    assert.deepEqual(
      (await ports()).map((port) => [port.device_id, port.network_id, port['binding:host_id']]).sort(),
      [
        ['of another engine', externalId, ''],
        [nic.id, externalId, 'the-host'],
      ].sort(),
      `cut at call ${at}`,
    )
  }
})

test('the work is bounded: one call for each page, and more only for what looks wrong', async (t) => {
  const { engine, provider, providerId, externalId, reconcile } = await startScene(t)
  const proxy = await startTestProxy(t, provider.url)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { url: proxy.url })
  const add = (at: number) =>
    provider.send('POST', '/ports', {
      port: { network_id: externalId, device_owner: 'oVirt', device_id: `other-${at}` },
    })
  await Promise.all(Array.from({ length: 600 }, (_, at) => add(at)))
  const { ports, foreign_ports } = await reconcile()
  assert.deepEqual([ports, foreign_ports], ['601', '600'])
  assert.deepEqual(
    proxy.seen.map((line) => line.replace(/marker=.*/, 'marker=ID')),
    ['GET /v2.0/ports?device_owner=oVirt&limit=500', 'GET /v2.0/ports?device_owner=oVirt&limit=500&marker=ID'],
  )
})
