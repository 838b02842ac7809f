// The diagnosis of a vNIC in a browser: its path, with the link that breaks it.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { setScene } from '../../apps/engine/testing/test-engine.ts'
import { addHost, startTestHost } from '../../apps/engine/testing/test-host.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { portalUnavailable, startBrowser, startPortalEngine, violations, visitLoggedIn } from './portal-bed.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

/** A VM that runs with a vNIC, whose port is not wired yet. */
async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const scene = await setScene(engine, provider)
  const subnet = { network_id: scene.externalId, cidr: '10.0.0.0/24', ip_version: 4 }
  await provider.send('POST', '/subnets', { subnet })
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  const host = await startTestHost(t)
  host.answer('Host.getCapabilities', async () => ({
    openstack_binding_host_ids: { TEST: 'host-a' },
    vifDrivers: [{ name: 'test', pluginTypes: ['TEST'] }],
  }))
  const hostId = await addHost(engine, scene.clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: scene.clusterId } })
  const profile = { vnic_profile: { id: scene.profileId } }
  const { id: nicId } = await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', ...profile })
  await engine.ask('POST', `/vms/${vmId}/start`, {})
  const wire = async () => {
    const { ports } = (await provider.send('GET', `/ports?device_id=${nicId}`)).body
    await provider.send('PUT', `/ports/${ports[0].id}/wires/host-a`, { wire: {} })
  }
  return { ...scene, engine, hostId, vmId, nicId, wire }
}

test('a diagnosis marks the link that breaks the path, and looks again', { skip }, async (t) => {
  const { engine, vmId, nicId, wire } = await startScene(t)
  const { page, complaints } = await visitLoggedIn(t, browser, engine, `/vms/${vmId}/nics/${nicId}/diagnosis`)
  await page.getByRole('heading', { name: 'Broken: data plane' }).waitFor()
  const path = page.getByRole('list', { name: 'From the virtual machine to its address' })
  await path.getByText('It breaks here').waitFor()
  assert.match((await path.locator('[aria-current="step"]').textContent()) ?? '', /data plane.*the port is DOWN/)
  assert.deepEqual(await violations(page), [])
  await wire()
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('Nothing is broken').waitFor()
  assert.equal(await path.getByText('It breaks here').count(), 0)
  assert.deepEqual(complaints, [])
})
