// What the portal draws, in a browser: the path of a diagnosis, the topology, traffic, the use of addresses.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { setScene } from '../../apps/engine/testing/test-engine.ts'
import { addHost, startTestHost } from '../../apps/engine/testing/test-host.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { portalUnavailable, startBrowser, startPortalEngine, violations, visitLoggedIn } from './portal-bed.ts'
import './quiet-network.ts'

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
  const [{ ip_address: address }] = (await provider.send('GET', `/ports?device_id=${nicId}`)).body.ports[0].fixed_ips
  return { ...scene, engine, host, hostId, vmId, nicId, wire, address: address as string }
}

test('what the portal draws of a vNIC that runs', { skip }, async (t) => {
  const scene = await startScene(t)
  const { page, complaints } = await visitLoggedIn(t, browser, scene.engine)
  await t.test('a diagnosis marks the link that breaks the path, and looks again', () => diagnosis(page, scene))
  await t.test('the topology follows what happens, without a reload', () => topologyLives(page, scene))
  await t.test('what the topology shows stands in the address, and back works', () => topologyIsNavigated(page, scene))
  await t.test('what a vNIC and its network send and receive is a line, and a table', () => traffic(page, scene))
  await t.test('the addresses of a network are a map that says whose they are', () => addresses(page, scene))
  await t.test('all of it can be read in the dark theme', () => darkTheme(page, scene))
  assert.deepEqual(complaints, [])
})

type Scene = Awaited<ReturnType<typeof startScene>>

async function diagnosis(page: Page, { engine, vmId, nicId, wire }: Scene) {
  await page.goto(`${engine.portal}/vms/${vmId}/nics/${nicId}/diagnosis`)
  await page.getByRole('heading', { name: 'Broken: data plane' }).waitFor()
  const path = page.getByRole('list', { name: 'From the virtual machine to its address' })
  await path.getByText('It breaks here').waitFor()
  assert.match((await path.locator('[aria-current="step"]').textContent()) ?? '', /data plane.*the port is DOWN/)
  assert.deepEqual(await violations(page), [])
  await wire()
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('Nothing is broken').waitFor()
  assert.equal(await path.getByText('It breaks here').count(), 0)
}

async function topologyLives(page: Page, { engine, vmId, nicId }: Scene) {
  await page.goto(`${engine.portal}/vms/${vmId}`)
  await page.getByRole('link', { name: 'Topology', exact: true }).last().click()
  const node = (name: string) => page.getByRole('link', { name, exact: true })
  await node('nic1 up, vNIC, In order').waitFor()
  for (const name of [
    'sdn up, Provider, In order',
    'blue 1 vNIC, Network, In order',
    'web up, Virtual machine, In order',
  ])
    await node(name).waitFor()
  await node('h up, Host, In order').waitFor()
  assert.deepEqual(await violations(page), [])
  await engine.ask('POST', `/vms/${vmId}/nics/${nicId}/deactivate`, {})
  await node('nic1 unplugged, vNIC, Off').waitFor()
  await engine.ask('POST', `/vms/${vmId}/nics/${nicId}/activate`, {})
  await node('nic1 up, vNIC, In order').waitFor()
  await node('nic1 up, vNIC, In order').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Diagnosis of nic1 of web' }).waitFor()
}

async function topologyIsNavigated(page: Page, { engine, clusterId, profileId, networkId }: Scene) {
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'many', cluster: { id: clusterId } })
  const addNic = (_: unknown, at: number) =>
    engine.ask('POST', `/vms/${vmId}/nics`, { name: `eth${at}`, vnic_profile: { id: profileId } })
  await Promise.all(Array.from({ length: 20 }, addNic))
  await page.goto(`${engine.portal}/topology?max=20`)
  const group = page.getByRole('link', { name: '21 vNICs, In order. Show one by one' })
  await group.waitFor()
  assert.deepEqual(await violations(page), [])
  await group.click()
  await page.getByRole('link', { name: 'nic1 up, vNIC, In order' }).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('expand'), networkId)
  await page.getByRole('button', { name: 'Table' }).click()
  const row = page.getByRole('row', { name: /^vNIC\s+nic1/ })
  assert.match((await row.textContent()) ?? '', /In order.*Virtual machine web/)
  assert.deepEqual(await violations(page), [])
  await page.goBack()
  await page.getByRole('link', { name: 'Put what belongs to blue together' }).click()
  await group.waitFor()
  await page.getByLabel('Virtual machine', { exact: true }).fill('web')
  await page.getByText('1 vNIC, none broken').waitFor()
  await page.getByRole('checkbox', { name: 'Only what is broken' }).check()
  await page.getByText('Nothing matches').waitFor()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await group.waitFor()
}

async function traffic(page: Page, { engine, host, hostId, vmId, nicId, networkId }: Scene) {
  const { mac } = await engine.ask('GET', `/vms/${vmId}/nics/${nicId}`)
  const tell = async (rx: string, tx: string, sampleTime: number) => {
    const network = { tap0: { macAddr: mac.address, rx, tx, sampleTime } }
    host.answer('Host.getAllVmStats', async () => [{ vmId, status: 'Up', network }])
    // It is asked for all of its VMs when it is back.
    await host.crash()
    await host.start()
    await engine.ask('POST', `/hosts/${hostId}/refresh`)
  }
  await tell('0', '0', 10)
  await tell('25000000', '1000', 20)
  for (const [path, name] of [
    [`/networks/${networkId}`, 'Traffic of blue, all vNICs together'],
    [`/vms/${vmId}`, 'Traffic of nic1'],
  ]) {
    await page.goto(`${engine.portal}${path}?tab=traffic`)
    await page.getByRole('img', { name: `${name}: 20 Mbit/s received, 800 bit/s sent now` }).waitFor()
    assert.deepEqual(await violations(page), [])
  }
  await page.getByRole('button', { name: 'As a table' }).click()
  await page
    .getByRole('row', { name: /20 Mbit\/s 800 bit\/s/ })
    .first()
    .waitFor()
}

async function addresses(page: Page, { engine, networkId, address }: Scene) {
  await page.goto(`${engine.portal}/networks/${networkId}?tab=addresses`)
  await page.getByText('1 of 253 addresses of its pools used.').waitFor()
  const used = page.getByRole('button', { name: new RegExp(`^${address}: Used, nic1 .* of web$`) })
  await used.focus()
  await page.getByText(`${address}: Used, nic1`).waitFor()
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  assert.equal(await page.locator(':focus').getAttribute('aria-label'), '10.0.0.1: Gateway')
  await page.getByRole('button', { name: 'Used addresses as a table' }).click()
  await page.getByRole('gridcell', { name: address, exact: true }).waitFor()
}

async function darkTheme(page: Page, { engine, vmId, nicId, networkId }: Scene) {
  await page.evaluate(() => (globalThis as any).localStorage.setItem('patchbay-theme', 'dark'))
  for (const [path, seen] of [
    [`/vms/${vmId}/nics/${nicId}/diagnosis`, 'Nothing is broken'],
    ['/topology', 'none broken'],
    [`/networks/${networkId}?tab=traffic`, 'As a table'],
    [`/networks/${networkId}?tab=addresses`, 'addresses of its pools used'],
  ] as const) {
    await page.goto(engine.portal + path)
    await page.getByText(seen).first().waitFor()
    await page.locator('html.pf-v6-theme-dark').waitFor({ state: 'attached' })
    assert.deepEqual(await violations(page), [], path)
  }
}
