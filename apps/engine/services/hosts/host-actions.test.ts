// Hosts into maintenance and back, changed, asked anew, said to be dead; and where VMs may run because of that.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../../lab/until.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost, untilIdle } from '../../testing/test-host.ts'

async function startWithTwoHosts(t: TestContext, vmNames: readonly string[] = ['vm']) {
  const provider = await startTestProvider(t)
  const b = await startTestHost(t)
  const a = await startTestHost(t, [b])
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  a.answer('Host.getCapabilities', async () => ({ openstack_binding_host_ids: { TEST: 'host-a' } }))
  b.answer('Host.getCapabilities', async () => ({ openstack_binding_host_ids: { TEST: 'host-b' } }))
  const ids = {
    a: await addHost(engine, scene.clusterId, a, 'a'),
    b: await addHost(engine, scene.clusterId, b, 'b'),
  }
  const vms: string[] = []
  for (const name of vmNames) {
    const { id } = await engine.ask('POST', '/vms', { name, cluster: { id: scene.clusterId } })
    await engine.ask('POST', `/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: scene.profileId } })
    await engine.ask('POST', `/vms/${id}/start`, { vm: { host: { name: 'a' } } })
    vms.push(id)
  }
  return {
    ...scene,
    engine,
    provider,
    a,
    b,
    ids,
    vms,
    act: (id: string, action: string, body = {}) => engine.send('POST', `/hosts/${id}/${action}`, body),
    statusOf: async (id: string) => (await engine.ask('GET', `/hosts/${id}`)).status,
    placeOf: async (id: string) => {
      const { status, host } = await engine.ask('GET', `/vms/${id}`)
      return [status, host?.id]
    },
    codes: async () => new Set((await engine.list('/events')).map(({ code }) => Number(code))),
  }
}

test('a host that is added without activating it is in maintenance until it is activated', async (t) => {
  const host = await startTestHost(t)
  const engine = await startTestEngine(t)
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const cluster = await engine.ask('POST', '/clusters', { name: 'c', data_center: { id: dataCenterId } })
  const added = { name: 'h', address: '127.0.0.1', port: String(host.port), cluster: { id: cluster.id } }
  const { id, status } = await engine.ask('POST', '/hosts?activate=false', added)
  assert.equal(status, 'maintenance')
  await engine.ask('POST', `/hosts/${id}/activate`)
  assert.ok(await until(async () => (await engine.ask('GET', `/hosts/${id}`)).status === 'up', 5_000))
  assert.equal((await engine.send('POST', '/hosts?activate=perhaps', { ...added, name: 'i' })).status, 400)
})

test('a VM goes to the host that its placement policy names for this start', async (t) => {
  const { engine, vms, ids, placeOf } = await startWithTwoHosts(t)
  await engine.ask('POST', `/vms/${vms[0]}/stop`)
  for (const [hosts, id] of [
    [[{ name: 'b' }], ids.b],
    [[{ id: ids.a }], ids.a],
  ] as const) {
    const placement_policy = { hosts: { host: hosts } }
    await engine.ask('POST', `/vms/${vms[0]}/start`, { vm: { placement_policy } })
    assert.deepEqual(await placeOf(vms[0]!), ['up', id])
    await engine.ask('POST', `/vms/${vms[0]}/stop`)
  }
})

test('a host goes into maintenance when its VMs have moved, gets none there, and comes back', async (t) => {
  const names = ['vm1', 'vm2', 'vm3', 'vm4']
  const { engine, ids, vms, act, statusOf, placeOf, codes, provider, clusterId } = await startWithTwoHosts(t, names)
  assert.equal((await act(ids.a, 'deactivate')).status, 200)
  assert.equal(await statusOf(ids.a), 'maintenance')
  for (const vm of vms) assert.deepEqual(await placeOf(vm), ['up', ids.b])
  const { ports } = (await provider.send('GET', '/ports')).body
  assert.deepEqual(new Set(ports.map((port: any) => port['binding:host_id'])), new Set(['host-b']))
  const again = await act(ids.a, 'deactivate')
  assert.match(again.body.fault.detail, /Host a is in maintenance, or on its way there/)

  const { id } = await engine.ask('POST', '/vms', { name: 'new', cluster: { id: clusterId } })
  const refused = await engine.send('POST', `/vms/${id}/start`, { vm: { host: { name: 'a' } } })
  assert.match(refused.body.fault.detail, /a is maintenance; b is not the host asked for/)
  assert.equal((await act(ids.a, 'activate')).status, 200)
  assert.equal(await statusOf(ids.a), 'up')
  assert.match((await act(ids.a, 'activate')).body.fault.detail, /Host a is active already/)
  assert.equal((await engine.send('POST', `/vms/${id}/start`, { vm: { host: { name: 'a' } } })).status, 200)
  const told = await codes()
  assert.ok(told.has(15) && told.has(16), 'both are told')
})

test('a host whose VMs cannot move stays active, and so do its VMs', async (t) => {
  const { a, ids, vms, act, statusOf, placeOf, codes } = await startWithTwoHosts(t)
  a.answer('VM.migrate', async () => {
    throw vdsmError('MigrationError')
  })
  const failed = await act(ids.a, 'deactivate')
  assert.equal(failed.status, 400)
  assert.match(failed.body.fault.detail, /cannot be put into maintenance. VM vm stays: Fatal error during migration/)
  assert.deepEqual([await statusOf(ids.a), await placeOf(vms[0]!)], ['up', ['up', ids.a]])
  assert.ok((await codes()).has(17))
  a.change(vms[0]!, { status: 'Paused', macs: [] })
  assert.ok(await until(async () => (await placeOf(vms[0]!))[0] === 'paused', 5_000))
  const pinned = await act(ids.a, 'deactivate')
  assert.equal(pinned.status, 409)
  assert.match(pinned.body.fault.detail, /cannot be migrated now: vm \(paused\)/)
  await a.crash()
  assert.ok(await until(async () => (await statusOf(ids.a)) === 'non_responsive', 5_000))
  assert.match((await act(ids.a, 'deactivate')).body.fault.detail, /is non_responsive and has VMs/)
})

test('what a host is in maintenance for can be done to it there only', async (t) => {
  const { engine, ids, act, statusOf, b, codes } = await startWithTwoHosts(t, [])
  const put = (change: object) => engine.send('PUT', `/hosts/${ids.b}`, change)
  const renamed = await put({ name: 'beta', comment: 'rack 2' })
  assert.deepEqual([renamed.status, renamed.body.name, renamed.body.comment], [200, 'beta', 'rack 2'])
  for (const [change, status] of [
    [{ address: '192.0.2.1' }, 409],
    [{ port: '1' }, 409],
    [{ name: 'a' }, 409],
    [{ name: 'a b' }, 400],
    [{ port: '0' }, 400],
    [{ cluster: { id: 'unknown' } }, 404],
  ] as const)
    assert.equal((await put(change)).status, status, JSON.stringify(change))
  assert.match((await act(ids.b, 'install')).body.fault.detail, /Cannot install Host. Host beta is up/)
  await act(ids.b, 'deactivate')
  assert.equal((await put({ port: '1' })).status, 200)
  await act(ids.b, 'activate')
  assert.ok(await until(async () => (await statusOf(ids.b)) === 'non_responsive', 5_000))
  await act(ids.b, 'deactivate')
  assert.equal((await put({ port: String(b.port) })).status, 200)
  b.answer('Host.getCapabilities', async () => {
    throw vdsmError('ResourceUnavailable')
  })
  assert.equal((await act(ids.b, 'install')).status, 400)
  assert.ok((await codes()).has(505))
  b.answer('Host.getCapabilities', undefined)
  assert.equal((await act(ids.b, 'install')).status, 200)
  assert.equal((await act(ids.b, 'upgrade')).status, 409)
  assert.equal((await act(ids.b, 'upgradecheck')).status, 200)
  assert.equal((await act(ids.b, 'enrollcertificate')).status, 400, 'this engine has no CA of its own')
})

test('a refresh asks the host anew what it can do', async (t) => {
  const { engine, ids, act, a } = await startWithTwoHosts(t, [])
  const configured = async () => (await engine.ask('GET', `/hosts/${ids.a}`)).ovn_configured
  assert.equal(await configured(), undefined)
  a.answer('Host.getCapabilities', async () => ({ ovnConfigured: true }))
  assert.equal((await act(ids.a, 'refresh')).status, 200)
  assert.equal(await configured(), 'true')
  await a.crash()
  assert.equal((await act(ids.a, 'refresh')).status, 400)
})

test('a host that is said to be off has no VMs any more: also what waited for it ends, and they start elsewhere', async (t) => {
  const { engine, ids, vms, act, a, statusOf, placeOf, provider } = await startWithTwoHosts(t, ['vm1', 'vm2'])
  assert.match((await act(ids.a, 'fence', { fence_type: 'manual' })).body.fault.detail, /Host a is up/)
  assert.equal((await act(ids.a, 'fence', { fence_type: 'restart' })).status, 400)
  a.answer('VM.hotunplugNic', async () => {
    await a.crash()
  })
  const [nic] = await engine.list(`/vms/${vms[0]}/nics`)
  const unplugging = engine.send('POST', `/vms/${vms[0]}/nics/${nic.id}/deactivate`)
  assert.ok(await until(async () => (await statusOf(ids.a)) === 'non_responsive', 5_000))
  assert.equal((await act(ids.a, 'fence', { fence_type: 'manual' })).status, 200)
  await unplugging
  await untilIdle(engine)
  for (const vm of vms) {
    assert.ok(await until(async () => (await placeOf(vm))[0] === 'down', 5_000))
    assert.equal((await engine.send('POST', `/vms/${vm}/start`)).status, 200)
    assert.deepEqual(await placeOf(vm), ['up', ids.b])
  }
  const bound = (await provider.send('GET', '/ports')).body.ports.map((port: any) => port['binding:host_id'])
  assert.ok(bound.includes('host-b'))
})

test('a VM goes where its networks and drivers are, and the refusal says of each host what it lacks', async (t) => {
  const { engine, ids, a, b, act, clusterId, dataCenterId, profileId, provider } = await startWithTwoHosts(t, [])
  const { id: plainId } = await engine.ask('POST', '/networks', { name: 'plain', data_center: { id: dataCenterId } })
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: plainId, required: 'false' })
  const [plain] = await engine.list(`/networks/${plainId}/vnicprofiles`)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  const nics = `/vms/${vmId}/nics`
  await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: plain.id } })
  await engine.ask('POST', nics, { name: 'nic2', vnic_profile: { id: profileId } })
  const tell = async (host: typeof a, id: string, caps: object) => {
    host.answer('Host.getCapabilities', async () => caps)
    await act(id, 'refresh')
  }
  const driver = { name: 'x', pluginTypes: ['TEST'] }
  await tell(a, ids.a, { networks: {}, vifDrivers: [driver] })
  await tell(b, ids.b, { networks: { plain: { iface: 'plain' } }, vifDrivers: [], hooks: {} })
  const refused = await engine.send('POST', `/vms/${vmId}/start`)
  assert.equal(refused.status, 409)
  assert.match(
    refused.body.fault.detail,
    /a does not have the network plain; b has no driver for TEST, which blue needs/,
  )
  await tell(b, ids.b, { networks: { plain: {} }, vifDrivers: [], hooks: { before_device_create: { '50_x': {} } } })
  assert.equal((await engine.send('POST', `/vms/${vmId}/start`)).status, 200, 'a script might serve it')
  const { xml } = b.calls.find(({ method }) => method === 'VM.create')!.params.vmParams
  assert.match(xml, /<link state="up"\/><source bridge="plain"\/>.*<mtu size="1500"\/>/)
  assert.equal((await provider.send('GET', '/ports')).body.ports.length, 1)

  await tell(b, ids.b, { networks: {} })
  const [nic] = await engine.list(`${nics}?search=name%3Dnic1`)
  await engine.ask('POST', `${nics}/${nic.id}/deactivate`)
  const unplugged = await engine.send('POST', `${nics}/${nic.id}/activate`)
  assert.equal(unplugged.status, 409)
  assert.match(unplugged.body.fault.detail, /The host of the VM does not have the network plain/)
})

test('an external network on a physical one is plugged where the host has that', async (t) => {
  const { engine, ids, a, act, clusterId, dataCenterId, vms } = await startWithTwoHosts(t)
  // One without a provider behind it: what it has on wires, hosts know.
  const unmanaged = { name: 'wires', type: 'external', unmanaged: 'true', read_only: 'false' }
  const { id: providerId } = await engine.ask('POST', '/openstacknetworkproviders', unmanaged)
  const { id: wireId } = await engine.ask('POST', '/networks', { name: 'wire', data_center: { id: dataCenterId } })
  const linked = await engine.ask('POST', '/networks', {
    name: 'linked',
    data_center: { id: dataCenterId },
    external_provider: { id: providerId },
    external_provider_physical_network: { id: wireId },
  })
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: linked.id, required: 'false' })
  const [profile] = await engine.list(`/networks/${linked.id}/vnicprofiles`)
  const add = () => engine.send('POST', `/vms/${vms[0]}/nics`, { name: 'nic2', vnic_profile: { id: profile.id } })
  a.answer('Host.getCapabilities', async () => ({ networks: {} }))
  await act(ids.a, 'refresh')
  const refused = await add()
  assert.equal(refused.status, 409)
  assert.match(refused.body.detail, /The host of the VM does not have the network wire, which linked is linked to/)
  a.answer('Host.getCapabilities', async () => ({ networks: { wire: {} } }))
  await act(ids.a, 'refresh')
  assert.equal((await add()).status, 201)
  assert.match(a.calls.at(-1)!.params.params.xml, /<mtu size="1500"\/>/)
})

test('a host is removed from maintenance, or when it is away and has no VMs', async (t) => {
  const { engine, ids, a, vms, act, statusOf } = await startWithTwoHosts(t)
  const remove = (id: string) => engine.send('DELETE', `/hosts/${id}`)
  const refused = await remove(ids.b)
  assert.deepEqual(
    [refused.status, refused.body.detail],
    [409, '[Cannot remove Host. Host is operational. Please switch Host to Maintenance mode first.]'],
  )
  assert.equal(await statusOf(ids.b), 'up')
  assert.equal((await act(ids.b, 'deactivate')).status, 200)
  assert.equal((await remove(ids.b)).status, 200)

  await a.crash()
  assert.ok(await until(async () => (await statusOf(ids.a)) === 'non_responsive', 5_000))
  const running = await remove(ids.a)
  assert.match(running.body.detail, /still running on this Host: vm\./)
  assert.equal((await act(ids.a, 'fence', { fence_type: 'manual' })).status, 200)
  assert.equal((await engine.ask('GET', `/vms/${vms[0]}`)).status, 'down')
  assert.equal((await remove(ids.a)).status, 200)
})

test('a host shows its drivers with what they can do, in JSON and XML', async (t) => {
  const { engine, ids, a, act } = await startWithTwoHosts(t, [])
  a.answer('Host.getCapabilities', async () => ({
    openstack_binding_host_ids: { B2: 'host-a' },
    vifDrivers: [
      { name: 'ovn', version: '2.0', pluginTypes: ['OVN'] },
      { name: 'bridge', version: '1.0', pluginTypes: ['B1', 'B2'] },
      { name: 'odd', version: '1.0', pluginTypes: ['ODD'] },
    ],
    vif_driver_features: {
      B1: { network_types: ['vxlan', 'flat'], features: ['dhcp', 'ipv6'] },
      B2: { network_types: ['vxlan', 'flat'], features: ['dhcp', 'ipv6'] },
      ODD: { network_types: 'any', features: [7, 'dhcp'] },
    },
  }))
  await act(ids.a, 'refresh')
  const drivers = await engine.list(`/hosts/${ids.a}/drivers`)
  const { id, href, ...bridge } = drivers[0]
  assert.deepEqual(bridge, {
    name: 'bridge',
    version: '1.0',
    plugin_types: { plugin_type: ['B1', 'B2'] },
    network_types: { network_type: ['vxlan', 'flat'] },
    features: { feature: ['dhcp', 'ipv6'] },
    binding_host_id: 'host-a',
    host: { id: ids.a, href: `/ovirt-engine/api/hosts/${ids.a}` },
  })
  assert.deepEqual(
    drivers.slice(1).map(({ name, network_types, features }) => [name, network_types, features]),
    [
      ['odd', undefined, { feature: ['dhcp'] }],
      ['ovn', undefined, undefined],
    ],
  )
  assert.equal((await engine.ask('GET', href.replace('/ovirt-engine/api', ''))).id, id)
  const xml = await fetch(`${engine.url}${href}`, { headers: { accept: 'application/xml' } })
  assert.match(await xml.text(), /<features><feature>dhcp<\/feature><feature>ipv6<\/feature><\/features>/)
  assert.equal((await engine.send('GET', `/hosts/${id}/drivers`)).status, 404)
})
