// References say where they lead, and what they lead to can stand in their place.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from '../testing/test-engine.ts'

async function begin(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const vm = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  await engine.ask('POST', `/vms/${vm.id}/nics`, { name: 'nic1', vnic_profile: { id: scene.profileId } })
  return { engine, provider, vm, ...scene }
}

test('references say where they lead', async (t) => {
  const { engine, vm, clusterId, profileId } = await begin(t)
  assert.deepEqual(vm.cluster, { id: clusterId, href: `/ovirt-engine/api/clusters/${clusterId}` })
  const [nic] = await engine.list(`/vms/${vm.id}/nics`)
  assert.equal(nic.vnic_profile.href, `/ovirt-engine/api/vnicprofiles/${profileId}`)
})

test('links and references are followed over several steps, in single resources and collections', async (t) => {
  const { engine, vm } = await begin(t)
  const followed = await engine.ask('GET', `/vms/${vm.id}?follow=nics.vnic_profile.network,cluster`)
  assert.equal(followed.cluster.name, 'c')
  const [nic] = followed.nics.nic
  assert.deepEqual([nic.name, nic.vnic_profile.name, nic.vnic_profile.network.name], ['nic1', 'blue', 'blue'])
  assert.ok(!followed.link?.some(({ rel }: { rel: string }) => rel === 'nics'), 'in the place of its link')
  const [listed] = await engine.list('/vms?follow=nics&search=name%3Dvm')
  assert.equal(listed.nics.nic.length, 1)
  const [network] = await engine.list('/networks?follow=vnicprofiles,external_provider')
  assert.deepEqual([network.vnic_profiles.vnic_profile[0].name, network.external_provider.name], ['blue', 'sdn'])
  const [cluster] = await engine.list('/clusters?follow=external_network_providers')
  assert.deepEqual(cluster.external_network_providers, {})
})

test('in XML too', async (t) => {
  const { engine, vm } = await begin(t)
  const headers = { accept: 'application/xml' }
  const { text } = await engine.send('GET', `/vms/${vm.id}?follow=nics`, undefined, headers)
  assert.match(text, /<nics><nic href="[^"]+" id="[^"]+"><name>nic1<\/name>.*<\/nic><\/nics>/)
})

test('what is not there is not followed; what nothing has, is a fault', async (t) => {
  const { engine, vm, provider } = await begin(t)
  assert.equal((await engine.ask('GET', `/vms/${vm.id}?follow=host`)).host, undefined)
  await provider[Symbol.asyncDispose]()
  const [sdn] = await engine.list('/openstacknetworkproviders?follow=networks')
  assert.ok(
    sdn.link.some(({ rel }: { rel: string }) => rel === 'networks'),
    'stays a link while its provider is away',
  )
  for (const follow of ['colour', 'toString', '', 'nics.colour', 'nics.nics.nics.nics.nics', 'nics,'.repeat(30)]) {
    const { status, body } = await engine.send('GET', `/vms?follow=${follow}`)
    if (follow === '') assert.equal(status, 200)
    else assert.deepEqual([status, body.reason], [400, 'Invalid value'], follow)
  }
})

test('what is followed needs the same password', async (t) => {
  const engine = await startTestEngine(t, { administrator: { name: 'admin@internal', password: 'p' } })
  const headers = { authorization: `Basic ${Buffer.from('admin@internal:p').toString('base64')}` }
  await engine.send('POST', '/datacenters', { name: 'dc' }, headers)
  const { body } = await engine.send('GET', '/datacenters?follow=networks', undefined, headers)
  assert.deepEqual(body.data_center[0].networks, {})
  assert.equal((await engine.send('GET', '/datacenters?follow=networks')).status, 401)
})
