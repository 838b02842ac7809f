// VMs and their vNICs as rows: what is accepted while no host is involved.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider, type TestProvider } from '../../../provider/testing/test-provider.ts'
import { importNetwork, makeNetwork, referenceTo, setScene, startTestEngine } from '../../testing/test-engine.ts'

async function startWithVm(t: Parameters<typeof startTestEngine>[0]) {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const vm = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  const nics = `/vms/${vm.id}/nics`
  return { provider, engine, ...scene, vm, nics, addNic: (body: object) => engine.send('POST', nics, body) }
}

const portsOf = async (provider: TestProvider) => (await provider.send('GET', '/ports')).body.ports

test('a VM is shown as the real engine shows it', async (t) => {
  const { engine, vm, clusterId } = await startWithVm(t)
  const actions = [
    ...['start', 'stop', 'shutdown', 'reboot', 'suspend', 'migrate', 'cancelmigration'],
    ...['previewsnapshot', 'undosnapshot', 'commitsnapshot'],
  ]
  assert.deepEqual(vm, {
    id: vm.id,
    href: `/ovirt-engine/api/vms/${vm.id}`,
    name: 'vm',
    description: '',
    comment: '',
    cluster: referenceTo('clusters', clusterId),
    template: referenceTo('templates', '00000000-0000-0000-0000-000000000000'),
    status: 'down',
    memory: String(1024 ** 3),
    cpu: { topology: { sockets: '1', cores: '1', threads: '1' } },
    custom_properties: { custom_property: [] },
    link: ['nics', 'snapshots', 'statistics'].map((rel) => ({ rel, href: `/ovirt-engine/api/vms/${vm.id}/${rel}` })),
    actions: {
      link: actions.map((rel) => ({
        rel,
        href: `/ovirt-engine/api/vms/${vm.id}/${rel}`,
      })),
    },
  })
  assert.deepEqual(await engine.ask('GET', `/vms/${vm.id}`), vm)
})

test('a VM needs a name, a cluster and some memory', async (t) => {
  const { engine, clusterId } = await startWithVm(t)
  const add = (body: object) => engine.send('POST', '/vms', { name: 'new', cluster: { id: clusterId }, ...body })
  for (const [change, status, detail] of [
    [{ name: undefined }, 400, /Vm \[name\] required for add/],
    [{ name: 'vm' }, 409, /The name vm is already used/],
    [{ name: 'a<b' }, 400, /The name "a<b" is invalid/],
    [{ cluster: undefined }, 400, /Cluster \[id\|name\] required/],
    [{ cluster: { name: 'other' } }, 404, /Cluster other does not exist/],
    [{ memory: '0' }, 400, /0 bytes of memory are too few/],
    [{ memory: '-1' }, 400, /too few/],
    [{ memory: '1.5' }, 400, /must be a whole number/],
    [{ custom_properties: [{ name: 'vmId', value: 'x' }] }, 400, /"vmId" is reserved/],
    [{ custom_properties: [{ name: 'a', value: '\u0007' }] }, 400, /must be a text/],
  ] as const) {
    const answer = await add(change)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.detail, detail)
  }
  assert.equal((await engine.list('/vms')).length, 1)
  assert.equal((await add({ memory: 2 ** 40, cluster: { name: 'c' }, template: { name: 'Blank' } })).status, 201)
})

test('a VM that is down cannot be stopped or moved, and says so', async (t) => {
  const { engine, vm } = await startWithVm(t)
  for (const action of ['stop', 'migrate']) {
    const { status, body } = await engine.send('POST', `/vms/${vm.id}/${action}`, {})
    assert.deepEqual([status, body.status], [409, 'failed'])
    assert.equal(body.fault.detail, `[Cannot ${action} VM. VM vm is down.]`)
    assert.equal((await engine.send('POST', `/vms/unknown/${action}`, {})).status, 404)
  }
})

test('a VM without a host that could run it stays down, and an event tells why', async (t) => {
  const { engine, vm } = await startWithVm(t)
  const { status, body } = await engine.send('POST', `/vms/${vm.id}/start`)
  assert.equal(status, 409)
  assert.match(body.fault.detail, /There is no host that can run the VM: its cluster has no hosts/)
  assert.equal((await engine.ask('GET', `/vms/${vm.id}`)).status, 'down')
  const [event] = await engine.list('/events')
  assert.deepEqual([event.code, event.severity], ['54', 'error'])
  const nowhere = await engine.send('POST', `/vms/${vm.id}/start`, { vm: { host: { name: 'unknown' } } })
  assert.equal(nowhere.status, 404)
})

test('a vNIC of a VM that is down is a row: plugged, with an address, without a port', async (t) => {
  const { provider, engine, addNic, nics, profileId, vm } = await startWithVm(t)
  const { status, headers, body: nic } = await addNic({ name: 'nic1', vnic_profile: { id: profileId } })
  assert.equal(status, 201)
  assert.equal(headers.get('location'), nic.href)
  assert.deepEqual(nic, {
    id: nic.id,
    href: `/ovirt-engine/api${nics}/${nic.id}`,
    name: 'nic1',
    interface: 'virtio',
    linked: 'true',
    plugged: 'true',
    synced: 'true',
    mac: { address: nic.mac.address },
    vnic_profile: referenceTo('vnicprofiles', profileId),
    vm: referenceTo('vms', vm.id),
    link: ['statistics', 'reporteddevices', 'networkfilterparameters'].map((rel) => ({
      rel,
      href: `/ovirt-engine/api${nics}/${nic.id}/${rel}`,
    })),
    actions: {
      link: ['activate', 'deactivate'].map((rel) => ({ rel, href: `/ovirt-engine/api${nics}/${nic.id}/${rel}` })),
    },
  })
  assert.match(nic.mac.address, /^56:6f(:[0-9a-f]{2}){4}$/, 'from the default MAC pool')
  assert.deepEqual(await portsOf(provider), [])
  assert.deepEqual(await engine.list(nics), [nic])
})

test('a vNIC of a VM that is down is plugged and unplugged by its flag alone', async (t) => {
  const { provider, engine, addNic, nics, profileId } = await startWithVm(t)
  const { id } = (await addNic({ name: 'nic1', plugged: 'false', vnic_profile: { id: profileId } })).body
  const flag = async () => (await engine.ask('GET', `${nics}/${id}`)).plugged
  assert.equal(await flag(), 'false')
  for (const [action, plugged] of [
    ['activate', 'true'],
    ['activate', 'true'],
    ['deactivate', 'false'],
    ['deactivate', 'false'],
  ] as const) {
    assert.deepEqual(await engine.ask('POST', `${nics}/${id}/${action}`), { status: 'complete' })
    assert.equal(await flag(), plugged)
  }
  assert.deepEqual(await portsOf(provider), [])
})

test('a vNIC whose link is down is not plugged on an external network', async (t) => {
  const { engine, addNic, nics, profileId } = await startWithVm(t)
  const unlinked = { name: 'nic1', linked: 'false', plugged: 'false' }
  const { id } = (await addNic({ ...unlinked, vnic_profile: { id: profileId } })).body
  const { status, body } = await engine.send('POST', `${nics}/${id}/activate`)
  assert.deepEqual([status, body.status], [400, 'failed'])
  assert.match(body.fault.detail, /cannot be plugged while its link is down/)
  const plugged = await addNic({ ...unlinked, plugged: 'true', vnic_profile: { id: profileId } })
  assert.match(plugged.text, /cannot be plugged while its link is down/)
  const free = (await addNic({ ...unlinked, name: 'nic2' })).body
  assert.equal((await engine.send('POST', `${nics}/${free.id}/activate`)).status, 200, 'on no network it may')
})

test('a vNIC is refused when its name, address or network will not do', async (t) => {
  const { provider, engine, addNic, nics, profileId, clusterId, ...scene } = await startWithVm(t)
  const first = (await addNic({ name: 'nic1', mac: { address: '02:00:00:00:00:0A' } })).body
  assert.equal(first.mac.address, '02:00:00:00:00:0a')
  const elsewhere = await importNetwork(engine, { ...scene, externalId: await makeNetwork(provider, 'red') })
  for (const [change, status, detail] of [
    [{ name: undefined }, 400, /Nic \[name\] required for add/],
    [{ name: 'nic1' }, 409, /The name nic1 is already used/],
    [{ name: 'x'.repeat(51) }, 400, /1 to 50 of/],
    [{ mac: { address: '02:00:00:00:00:0A' } }, 409, /MAC address 02:00:00:00:00:0a is in use by another vNIC/],
    [{ mac: { address: '01:00:00:00:00:01' } }, 400, /is not a unicast MAC address/],
    [{ mac: { address: 'ff:ff:ff:ff:ff:ff' } }, 400, /is not a unicast MAC address/],
    [{ mac: { address: '02-00-00-00-00-01' } }, 400, /is not a unicast MAC address/],
    [{ mac: { address: '00:00:00:00:00:00' } }, 400, /is not a unicast MAC address/],
    [{ mac: '02:00:00:00:00:01' }, 400, /"nic.mac" must be an object/],
    [{ interface: 'ne2k' }, 400, /must be one of virtio/],
    [
      { vnic_profile: { id: 'unknown' } },
      400,
      /^\[Cannot add Interface. VM network interface profile doesn't exist.\]$/,
    ],
    [{ vnic_profile: { name: 'blue' } }, 400, /VnicProfile \[id\] required/],
    [{ vnic_profile: { id: elsewhere.profileId } }, 409, /The network red is not attached to the VM's cluster/],
  ] as const) {
    const answer = await addNic({ name: 'new', ...change })
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.detail, detail)
  }
  assert.equal((await engine.list(nics)).length, 1)
  const { mac } = (await addNic({ name: 'unaddressed', mac: { address: ' ' } })).body
  assert.match(mac.address, /^56:6f:/, 'an empty address is none, so it gets a free one')
  const second = await engine.ask('POST', '/vms', { name: 'second', cluster: { id: clusterId } })
  const same = await engine.send('POST', `/vms/${second.id}/nics`, {
    name: 'nic1',
    mac: { address: '02:00:00:00:00:0a' },
  })
  assert.equal(same.status, 409, 'an address is used once in the whole engine, a name once in a VM')
  assert.equal((await engine.send('POST', `/vms/${second.id}/nics`, { name: 'nic1' })).status, 201)
  assert.ok(profileId)
})

test('a vNIC is found below its own VM only', async (t) => {
  const { engine, addNic, clusterId, nics } = await startWithVm(t)
  const { id } = (await addNic({ name: 'nic1' })).body
  const other = await engine.ask('POST', '/vms', { name: 'other', cluster: { id: clusterId } })
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/activate'],
    ['POST', '/deactivate'],
  ] as const)
    assert.equal((await engine.send(method, `/vms/${other.id}/nics/${id}${path}`)).status, 404, method + path)
  assert.equal((await engine.list(nics)).length, 1)
})

test('a removed vNIC, alone or with its VM, takes its port along', async (t) => {
  const { provider, engine, addNic, nics, profileId, externalId, vm } = await startWithVm(t)
  const ids = []
  for (const name of ['nic1', 'nic2', 'nic3'])
    ids.push((await addNic({ name, vnic_profile: { id: profileId } })).body.id)
  // As they would be after a run: on the provider, marked as the engine marks them.
  for (const device_id of [...ids, 'somebody-else'])
    await provider.send('POST', '/ports', { port: { network_id: externalId, device_id, device_owner: 'oVirt' } })
  const owners = async () => (await portsOf(provider)).map(({ device_id }: any) => device_id).sort()

  assert.deepEqual(await engine.ask('DELETE', `${nics}/${ids[0]}`), { status: 'complete' })
  assert.deepEqual(await owners(), [ids[1], ids[2], 'somebody-else'].sort())
  assert.equal((await engine.send('DELETE', `${nics}/${ids[0]}`)).status, 404)
  await engine.ask('DELETE', `/vms/${vm.id}`)
  assert.deepEqual(await owners(), ['somebody-else'])
  assert.equal((await engine.send('GET', nics)).status, 404)
})
