// Virtual machines and their vNICs in the portal, on test hosts; and what other administrators do, as it happens.
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

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const scene = await setScene(engine, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  const hostA = await startTestHost(t)
  await addHost(engine, scene.clusterId, hostA, 'host-a')
  const ports = async () => (await provider.send('GET', '/ports')).body.ports as any[]
  return { ...scene, provider, engine, hostA, ports }
}

async function rowAction(page: Page, row: string, action: string): Promise<void> {
  await button(page, `Actions for ${row}`).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

test('a virtual machine is made, run, connected and taken apart', { skip }, async (t) => {
  const { engine, ports } = await startScene(t)
  const { page, complaints } = await visitLoggedIn(t, browser, engine, '/vms')
  await button(page, 'New virtual machine').first().click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('web')
  await button(page, 'Add').click()
  await page.getByRole('link', { name: 'web' }).click()
  await page.getByRole('tab', { name: 'vNICs' }).click()
  assert.deepEqual(await violations(page), [])

  await button(page, 'Run').click()
  await page.getByText('up', { exact: true }).waitFor()
  await button(page, 'New vNIC').click()
  await dialog(page, 'New vNIC').getByLabel('Profile').selectOption({ label: 'blue (External network)' })
  assert.deepEqual(await violations(page), [])
  await button(page, 'Add').click()
  await page.getByText('plugged', { exact: true }).waitFor()
  assert.equal((await ports()).length, 1)

  await rowAction(page, 'nic1', 'Edit')
  await page.getByText('cannot be changed while it is plugged').waitFor()
  assert.ok(await dialog(page, 'Edit vNIC nic1').getByLabel('Profile').isDisabled())
  await button(page, 'Cancel').click()
  await rowAction(page, 'nic1', 'Unplug')
  await page.getByText('unplugged', { exact: true }).waitFor()
  await rowAction(page, 'nic1', 'Plug')
  await page.getByText('plugged', { exact: true }).waitFor()

  await button(page, 'Power off').click()
  await page.getByText('down', { exact: true }).waitFor()
  await rowAction(page, 'nic1', 'Remove')
  await dialog(page, 'Remove vNIC').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No vNIC').waitFor()
  assert.equal((await ports()).length, 0)
  await button(page, 'Remove').click()
  await dialog(page, 'Remove virtual machine').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No virtual machine yet').waitFor()
  assert.deepEqual(complaints, [])
})

test('a migration tells how far it has come, to whoever looks, and why it failed', { skip }, async (t) => {
  const { engine, clusterId, hostA } = await startScene(t)
  await addHost(engine, clusterId, await startTestHost(t), 'host-b')
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/start`, { vm: { host: { name: 'host-a' } } })
  const hasCome = (percent: number) => {
    const leaving = { vmId, status: 'Migration Source', migrationProgress: percent, elapsedTime: '12', network: {} }
    hostA.answer('VM.getStats', async () => [leaving])
    hostA.change(vmId, { status: 'Migration Source', macs: [] })
  }
  hostA.answer('VM.migrate', async () => {
    hasCome(40)
    return true
  })
  const { page, complaints } = await visitLoggedIn(t, browser, engine, `/vms/${vmId}`)
  const other = await visitLoggedIn(t, browser, engine, '/jobs')
  await button(page, 'Migrate').click()
  await dialog(page, 'Migrate web').getByRole('button', { name: 'Migrate' }).click()
  await dialog(page, 'Migrate web').getByText('40%').waitFor()
  assert.deepEqual(await violations(page), [])
  await other.page.getByText('move, 40%').waitFor()
  await other.page.goto(`${engine.portal}/vms/${vmId}`)
  await other.page.getByText('40%').waitFor()
  hasCome(75)
  for (const each of [page, other.page]) await each.getByText('75%').first().waitFor()

  // The guest stays where it is.
  hostA.answer('VM.getStats', undefined)
  hostA.change(vmId, { status: 'Up', macs: [] })
  await dialog(page, 'Migrate web').getByText('It was not done').waitFor()
  await page.getByText('Correlation id:').waitFor()
  await other.page.getByText('75%').waitFor({ state: 'detached' })
  assert.deepEqual([complaints, other.complaints], [[], []])
})

test('what others do is shown without a reload', { skip }, async (t) => {
  const { engine, clusterId } = await startScene(t)
  const { page } = await visitLoggedIn(t, browser, engine, '/vms')
  await page.getByText('No virtual machine yet').waitFor()
  const { id } = await engine.ask('POST', '/vms', { name: 'theirs', cluster: { id: clusterId } })
  await page.getByRole('link', { name: 'theirs' }).waitFor()
  await engine.ask('POST', `/vms/${id}/start`)
  await page
    .getByRole('row', { name: /theirs/ })
    .getByText('up', { exact: true })
    .waitFor()

  // Hidden, it lets its connection go; seen again, it shows what happened meanwhile.
  const gone = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events/stream'))
  await show(page, 'hidden')
  await gone
  await engine.ask('POST', '/vms', { name: 'unseen', cluster: { id: clusterId } })
  await show(page, 'visible')
  await page.getByRole('link', { name: 'unseen' }).waitFor()
})

/** As when a window goes behind others, which a browser without a screen does not tell. */
const show = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate((state) => {
    const { document, Event } = globalThis as any
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)

test('hosts, clusters, events and jobs are lists that anybody can read', { skip }, async (t) => {
  const { engine, clusterId, providerId } = await startScene(t)
  const { page } = await visitLoggedIn(t, browser, engine, '/hosts')
  await page
    .getByRole('row', { name: /host-a/ })
    .getByText('up', { exact: true })
    .waitFor()
  assert.deepEqual(await violations(page), [])
  await rowAction(page, 'host-a', 'Maintenance')
  await page
    .getByRole('row', { name: /host-a/ })
    .getByText('maintenance', { exact: true })
    .waitFor()

  await page.getByRole('link', { name: 'Clusters' }).click()
  await rowAction(page, 'c', 'Default network provider')
  await page.getByLabel('Default network provider', { exact: true }).selectOption({ label: 'sdn' })
  await button(page, 'Save').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const [provider] = await engine.list(`/clusters/${clusterId}/externalnetworkproviders`)
  assert.equal(provider.id, providerId)

  for (const name of ['Events', 'Jobs', 'Clusters']) {
    await page.getByRole('link', { name }).click()
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    await page.getByRole('grid').or(page.getByText(/^No /)).first().waitFor()
    assert.deepEqual(await violations(page), [], name)
  }
})
