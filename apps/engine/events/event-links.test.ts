// What events are about: linked in answers, found by searches, and still named when it is gone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost } from '../testing/test-host.ts'

test('events link to the VM, host, cluster, data center or template that they are about', async (t) => {
  const engine = await startTestEngine(t)
  const { ask, list } = engine
  const { clusterId, dataCenterId, profileId, providerId } = await setScene(engine, await startTestProvider(t))
  await ask('PUT', `/openstacknetworkproviders/${providerId}`, { external_plugin_type: 'TEST' })
  const hostId = await addHost(engine, clusterId, await startTestHost(t), 'host-a')
  const { id: vmId } = await ask('POST', '/vms', { name: 'web', cluster: { id: clusterId } })
  await ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  await ask('POST', `/vms/${vmId}/start`)
  await ask('POST', `/vms/${vmId}/stop`)
  await ask('POST', '/templates', { name: 'golden', vm: { id: vmId } })
  const newest = async (search: string) => (await list(`/events?search=${encodeURIComponent(search)}&max=1`))[0]

  const vm = { id: vmId, href: `/ovirt-engine/api/vms/${vmId}`, name: 'web' }
  const started = await newest('code=32')
  assert.deepEqual(started.vm, vm)
  assert.deepEqual(started.host, { id: hostId, href: `/ovirt-engine/api/hosts/${hostId}`, name: 'host-a' })
  assert.equal(started.template, undefined)
  assert.deepEqual((await newest('event_vm=web and code=932')).vm, vm, 'a new vNIC')
  assert.equal((await newest('event_template=golden')).code, '51')
  assert.equal((await newest(`event_cluster=c`)).cluster.id, clusterId)
  assert.equal((await newest('event_datacenter=dc')).data_center.id, dataCenterId)
  assert.equal((await newest('vm.name=web and code=33')).code, '33')
  assert.equal((await newest('host.status=up and code=32')).code, '32')

  await ask('DELETE', `/vms/${vmId}`)
  assert.deepEqual((await newest('event_vm=web')).vm, vm, 'it was called so')
  assert.equal(await newest('vm.name=web'), undefined)
})
