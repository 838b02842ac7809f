// An unmanaged provider: nobody asks it anything, its networks are what the engine knows, and its vNICs have no ports.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost, untilIdle } from '../../testing/test-host.ts'

test('a vNIC of an unmanaged provider is plugged without a port, and nothing is asked', async (t) => {
  const provider = await startTestProvider(t)
  const host = await startTestHost(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  await addHost(engine, scene.clusterId, host)
  let requests = 0
  const server = createServer((_request, answer) => {
    requests++
    answer.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const base = `/openstacknetworkproviders/${scene.providerId}`
  await engine.ask('PUT', base, {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    unmanaged: 'true',
    external_plugin_type: 'TEST',
  })

  await engine.ask('POST', `${base}/testconnectivity`)
  const networks = await engine.list(`${base}/networks`)
  assert.deepEqual(
    networks.map(({ id, name }) => [id, name]),
    [[scene.externalId, 'blue']],
  )
  const subnets = `${base}/networks/${scene.externalId}/subnets`
  assert.deepEqual(await engine.list(subnets), [])
  const added = await engine.send('POST', subnets, { name: 's', cidr: '10.0.0.0/24', ip_version: 'v4' })
  assert.equal(added.status, 400)
  assert.match(added.body.detail, /The provider is unmanaged: it has no subnets/)
  const second = await engine.ask('POST', '/datacenters', { name: 'second' })
  await engine.ask('POST', `${base}/networks/${scene.externalId}/import`, { data_center: { id: second.id } })

  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  const nics = `/vms/${vmId}/nics`
  const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: scene.profileId } })
  await engine.ask('POST', `/vms/${vmId}/start`)
  const { xml } = host.calls.find(({ method }) => method === 'VM.create')!.params.vmParams
  assert.match(xml, /<ovirt-vm:provider_type>unmanaged<\/ovirt-vm:provider_type>/)
  assert.match(xml, /<ovirt-vm:plugin_type>TEST<\/ovirt-vm:plugin_type>/)
  assert.doesNotMatch(xml, /vnic_id/)
  await engine.ask('POST', `${nics}/${nic.id}/deactivate`)
  await engine.ask('DELETE', `${nics}/${nic.id}`)
  await engine.ask('POST', `/vms/${vmId}/stop`)
  await engine.ask('DELETE', `/vms/${vmId}`)
  await engine.ask('DELETE', `/networks/${scene.networkId}?remove_from_provider=true`).catch(() => {})
  await untilIdle(engine)
  assert.equal(requests, 0)
})

test('an unmanaged provider needs no URL; one that becomes managed does', async (t) => {
  const { ask, send } = await startTestEngine(t)
  const path = '/openstacknetworkproviders'
  const { id, unmanaged } = await ask('POST', path, { name: 'p', type: 'external', unmanaged: 'true' })
  assert.equal(unmanaged, 'true')
  assert.deepEqual(await ask('GET', `${path}/${id}/certificates`), {})
  assert.equal((await send('PUT', `${path}/${id}`, { unmanaged: 'false' })).status, 400)
  const neutron = { name: 'n', type: 'neutron', unmanaged: 'true', external_plugin_type: 'X' }
  assert.equal((await send('POST', path, neutron)).status, 400, 'the flag counts for type external')
})
