// Snapshots and templates: what VMs go back to and are made from; what becomes of the ports.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { importNetwork, makeNetwork } from '../../testing/test-engine.ts'
import { untilIdle } from '../../testing/test-host.ts'
import { startWithRunningVm } from '../../testing/test-running-vm.ts'

/** A VM that ran, with a port, and a snapshot of it with a single vNIC; then it got another and a new description. */
async function startWithSnapshot(t: TestContext) {
  const scene = await startWithRunningVm(t)
  const { engine, vmId, addNic, nics } = scene
  const first = (await addNic()).body
  const snapshot = await engine.ask('POST', `/vms/${vmId}/snapshots`, { description: 'before' })
  await addNic({ name: 'nic2' })
  await engine.ask('PUT', `/vms/${vmId}`, { description: 'changed' })
  return {
    ...scene,
    first,
    snapshot,
    act: (action: string, body: object = {}) => engine.send('POST', `/vms/${vmId}/${action}`, body),
    nicNames: async () => (await engine.list(nics)).map(({ name }) => name),
    shown: async () =>
      (await engine.list(`/vms/${vmId}/snapshots`)).map((each) => `${each.snapshot_type} ${each.snapshot_status}`),
  }
}

test('a snapshot is shown beside the VM as it is, and removed', async (t) => {
  const { engine, vmId, snapshot, shown } = await startWithSnapshot(t)
  const { id, href, date, actions, ...told } = snapshot
  assert.deepEqual(told, {
    description: 'before',
    snapshot_type: 'regular',
    snapshot_status: 'ok',
    persist_memorystate: 'false',
    vm: { id: vmId },
  })
  assert.deepEqual(await shown(), ['regular ok', 'active ok'])
  const [, active] = await engine.list(`/vms/${vmId}/snapshots`)
  const refused = await engine.send('DELETE', `/vms/${vmId}/snapshots/${active.id}`)
  assert.match(refused.body.detail, /not possible for a snapshot of the type active/)
  assert.equal((await engine.send('DELETE', `/vms/${vmId}/snapshots/unknown`)).status, 404)
  await engine.ask('DELETE', `/vms/${vmId}/snapshots/${id}`)
  assert.deepEqual(await shown(), ['active ok'])
})

test('a preview gives the VM the vNICs of the snapshot, and every port it had goes; undone, it is as it was', async (t) => {
  const { engine, vmId, act, ports, nicNames, shown, snapshot, first } = await startWithSnapshot(t)
  const preview = { snapshot: { id: snapshot.id } }
  assert.equal((await act('previewsnapshot', preview)).status, 409, 'the VM runs')
  await act('stop')
  const before = (await ports()).map(({ id }) => id)
  assert.equal(before.length, 2)
  assert.equal((await act('undosnapshot')).status, 409)
  assert.equal((await act('commitsnapshot')).status, 409)
  assert.equal((await act('previewsnapshot', {})).status, 400)
  assert.equal((await act('previewsnapshot', { snapshot: { id: 'unknown' } })).status, 404)

  assert.equal((await act('previewsnapshot', preview)).status, 200)
  await untilIdle(engine)
  assert.deepEqual([await nicNames(), await ports()], [['nic1'], []])
  assert.equal((await engine.ask('GET', `/vms/${vmId}`)).description, '')
  assert.deepEqual(await shown(), ['regular in_preview', 'preview ok', 'active ok'])
  for (const [method, path] of [
    ['POST', `/vms/${vmId}/snapshots`],
    ['DELETE', `/vms/${vmId}`],
    ['DELETE', `/vms/${vmId}/snapshots/${snapshot.id}`],
  ] as const) {
    const { status, text } = await engine.send(method, path, {})
    assert.equal(status, 409, text)
    assert.match(text, /previews a snapshot/)
  }
  assert.equal((await act('previewsnapshot', preview)).status, 409)
  const refused = 'VM vm previews a snapshot'
  for (const [code, text] of [
    [115, new RegExp(`^Failed to preview Snapshot "before" for VM vm: .*${refused}`)],
    [116, /^Failed to restore VM vm from Snapshot: .*previews no snapshot/],
    [117, new RegExp(`^Failed to create Snapshot "" for VM vm: .*${refused}`)],
    [343, new RegExp(`^Failed to remove Snapshot "before" for VM vm: .*${refused}`)],
  ] as const) {
    const [event] = await engine.list(`/events?search=code%3D${code}&max=1`)
    assert.match(event.description, text)
    assert.deepEqual([event.severity, event.vm.id], ['error', vmId])
  }
  await act('start')
  const [port] = await ports()
  assert.deepEqual([port.device_id, port.mac_address], [first.id, first.mac.address])
  assert.ok(!before.includes(port.id), 'a new port for the same vNIC')
  await act('stop')
  assert.equal((await act('undosnapshot')).status, 200)
  await untilIdle(engine)
  assert.deepEqual([await nicNames(), await ports()], [['nic1', 'nic2'], []])
  assert.equal((await engine.ask('GET', `/vms/${vmId}`)).description, 'changed')
  assert.deepEqual(await shown(), ['regular ok', 'active ok'])
})

test('a preview that is committed stays, and newer snapshots go; restore does both at once', async (t) => {
  const { engine, vmId, act, nicNames, shown, snapshot } = await startWithSnapshot(t)
  await act('stop')
  const newer = await engine.ask('POST', `/vms/${vmId}/snapshots`, { description: 'newer' })
  assert.equal((await act(`snapshots/${newer.id}/restore`)).status, 200)
  assert.deepEqual(
    [await nicNames(), await shown()],
    [
      ['nic1', 'nic2'],
      ['regular ok', 'regular ok', 'active ok'],
    ],
  )
  await act('previewsnapshot', { snapshot: { id: snapshot.id } })
  assert.equal((await act('commitsnapshot')).status, 200)
  assert.deepEqual([await nicNames(), await shown()], [['nic1'], ['regular ok', 'active ok']])
})

test('what a snapshot remembers may be gone since: its network, or its address', async (t) => {
  const scene = await startWithRunningVm(t)
  const { engine, vmId, provider, nics, clusterId } = scene
  const externalId = await makeNetwork(provider, 'red')
  const { networkId, profileId } = await importNetwork(engine, { ...scene, externalId })
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: networkId, required: 'false' })
  await engine.ask('POST', `/vms/${vmId}/stop`)
  const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: profileId } })
  const { id } = await engine.ask('POST', `/vms/${vmId}/snapshots`, {})
  await engine.ask('DELETE', `${nics}/${nic.id}`)
  await engine.ask('DELETE', `/networks/${networkId}`)
  const other = await engine.ask('POST', '/vms', { name: 'other', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${other.id}/nics`, { name: 'nic1', mac: nic.mac })
  await engine.ask('POST', `/vms/${vmId}/snapshots/${id}/restore`)
  const [restored] = await engine.list(nics)
  assert.deepEqual([restored.id, restored.vnic_profile], [nic.id, undefined])
  assert.notEqual(restored.mac.address, nic.mac.address)
})

test('a template is made of a VM, and VMs of it have its vNICs with addresses of their own', async (t) => {
  const { engine, vmId, addNic, profileId, clusterId, networkId, ports } = await startWithRunningVm(t)
  await addNic()
  assert.equal((await engine.send('POST', '/templates', { name: 'web', vm: { id: vmId } })).status, 409, 'it runs')
  await engine.ask('POST', `/vms/${vmId}/stop`)
  await engine.ask('PUT', `/vms/${vmId}`, { memory: 2 ** 31, custom_properties: [{ name: 'sap', value: '1' }] })
  const template = await engine.ask('POST', '/templates', { name: 'web', vm: { name: 'vm' }, description: 'd' })
  assert.deepEqual([template.memory, template.description, template.status], [String(2 ** 31), 'd', 'ok'])
  const [nic] = await engine.list(`/templates/${template.id}/nics`)
  assert.deepEqual([nic.name, nic.vnic_profile.id, nic.mac], ['nic1', profileId, undefined])
  assert.deepEqual(await engine.ask('GET', `/templates/${template.id}/nics/${nic.id}`), nic)

  const made = []
  for (const name of ['web1', 'web2']) {
    const vm = { name, cluster: { id: clusterId }, template: { name: 'web' } }
    made.push(await engine.ask('POST', '/vms', vm))
  }
  const own = await Promise.all(made.map(async ({ id }) => (await engine.list(`/vms/${id}/nics`))[0]))
  assert.equal(new Set(own.map(({ mac }) => mac.address)).size, 2)
  assert.deepEqual(
    own.map((each) => [each.name, each.vnic_profile.id, each.plugged]),
    [
      ['nic1', profileId, 'true'],
      ['nic1', profileId, 'true'],
    ],
  )
  assert.deepEqual([made[0].memory, made[0].template.id], [String(2 ** 31), template.id])
  await engine.ask('POST', `/vms/${made[0].id}/start`)
  assert.ok((await ports()).some(({ device_id }) => device_id === own[0].id))
  await engine.ask('POST', `/vms/${made[0].id}/stop`)

  const derived = await engine.send('DELETE', `/templates/${template.id}`)
  assert.match(derived.body.detail, /These VMs were made from it: web1, web2/)
  for (const { id } of [...made, { id: vmId }]) await engine.ask('DELETE', `/vms/${id}`)
  const used = await engine.send('DELETE', `/networks/${networkId}`)
  assert.equal(used.status, 409)
  assert.match(used.body.detail, /used by Template: web/)
  assert.equal((await engine.send('DELETE', `/vnicprofiles/${profileId}`)).status, 409)
  await engine.ask('DELETE', `/templates/${template.id}`)
  assert.equal((await engine.send('DELETE', `/networks/${networkId}`)).status, 200)
})

test('the vNICs of a template are added, changed and removed; VMs that were made of it keep theirs', async (t) => {
  const { engine, provider, vmId, profileId, clusterId, ...scene } = await startWithRunningVm(t)
  await engine.ask('POST', `/vms/${vmId}/stop`)
  const { id } = await engine.ask('POST', '/templates', { name: 'web', vm: { id: vmId } })
  const nics = `/templates/${id}/nics`
  const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: profileId } })
  assert.deepEqual([nic.interface, nic.linked, nic.plugged, nic.vnic_profile.id], ['virtio', 'true', 'true', profileId])
  const make = (name: string) => engine.ask('POST', '/vms', { name, cluster: { id: clusterId }, template: { id } })
  const before = await make('before')
  const after = await engine.ask('PUT', `${nics}/${nic.id}`, { name: 'eth0', interface: 'e1000', vnic_profile: {} })
  assert.deepEqual([after.name, after.interface, after.vnic_profile], ['eth0', 'e1000', undefined])
  await engine.ask('POST', nics, { name: 'eth1' })

  const elsewhere = await importNetwork(engine, { ...scene, externalId: await makeNetwork(provider, 'red') })
  for (const [method, path, body, status, detail] of [
    ['POST', nics, { name: 'eth0' }, 409, /^\[Cannot add Interface. The name eth0 is already used/],
    ['POST', nics, {}, 400, /Nic \[name\] required/],
    ['POST', nics, { name: 'x', vnic_profile: { id: 'x' } }, 400, /VM network interface profile doesn't exist/],
    ['POST', nics, { name: 'x', vnic_profile: { id: elsewhere.profileId } }, 409, /red is not attached/],
    ['PUT', `${nics}/${nic.id}`, { name: 'eth1' }, 409, /^\[Cannot edit Interface. The name eth1 is already used/],
    ['DELETE', `${nics}/x`, undefined, 404, /vNIC x does not exist/],
    ['POST', '/templates/00000000-0000-0000-0000-000000000000/nics', { name: 'x' }, 409, /Blank template stays/],
    ['POST', '/templates/x/nics', { name: 'x' }, 404, /Template x does not exist/],
  ] as const) {
    const answer = await engine.send(method, path, body)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.detail, detail)
  }
  await engine.ask('DELETE', `${nics}/${nic.id}`)
  const namesOf = async (path: string) => (await engine.list(path)).map(({ name }) => name)
  assert.deepEqual(await namesOf(nics), ['eth1'])
  assert.deepEqual(await namesOf(`/vms/${(await make('later')).id}/nics`), ['eth1'])
  assert.deepEqual(await namesOf(`/vms/${before.id}/nics`), ['nic1'])
})

test('the Blank template is there and stays; others are renamed', async (t) => {
  const { engine, vmId } = await startWithRunningVm(t)
  const id = '00000000-0000-0000-0000-000000000000'
  const blank = await engine.ask('GET', `/templates/${id}`)
  assert.deepEqual([blank.name, (await engine.ask('GET', `/vms/${vmId}`)).template.id], ['Blank', id])
  assert.equal((await engine.send('DELETE', `/templates/${id}`)).status, 409)
  assert.equal((await engine.send('PUT', `/templates/${id}`, { name: 'x' })).status, 409)
  await engine.ask('POST', `/vms/${vmId}/stop`)
  const { id: made } = await engine.ask('POST', '/templates', { name: 'web', vm: { id: vmId } })
  assert.equal((await engine.ask('PUT', `/templates/${made}`, { name: 'shop', comment: 'c' })).comment, 'c')
  for (const [body, status] of [
    [{ name: 'shop', vm: { id: vmId } }, 409],
    [{ vm: { id: vmId } }, 400],
    [{ name: 'x' }, 400],
    [{ name: 'x', vm: { id: 'unknown' } }, 404],
  ] as const)
    assert.equal((await engine.send('POST', '/templates', body)).status, status)
  assert.equal((await engine.list('/templates')).length, 2)
})
