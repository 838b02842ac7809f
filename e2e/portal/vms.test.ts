// Virtual machines and their vNICs in the portal, on test hosts; and what other administrators do, as it happens.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
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

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const scene = await setScene(engine, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  await addHost(engine, scene.clusterId, await startTestHost(t), 'host-a')
  const ports = async () => (await provider.send('GET', '/ports')).body.ports as any[]
  return { ...scene, provider, engine, ports }
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
})

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
