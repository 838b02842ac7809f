// A driver's way in the portal: uploaded, attached to a provider, on its hosts, and away again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { driverSigners, packTestDriver, startDriverHost, stranger } from '../../apps/engine/testing/test-drivers.ts'
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
const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })

async function choose(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes })
}

test('a package is uploaded, attached, deployed and detached', { skip }, async (t) => {
  const engine = await startPortalEngine(t, { driverSigners })
  const { clusterId, providerId } = await setScene(engine, await startTestProvider(t))
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { external_plugin_type: 'ACME' })
  await addHost(engine, clusterId, await startDriverHost(t), 'host-a')
  const { page, complaints } = await visitLoggedIn(t, browser, engine, '/drivers')
  await page.getByText('No driver package yet').waitFor()
  await button(page, 'Upload package').first().click()
  await choose(page, 'forged.pdp', await packTestDriver(t, '1.0.0', { key: stranger.privateKey }))
  await inDialog(page, 'Upload').click()
  await page.getByText(/Cannot add Driver package/).waitFor()
  assert.deepEqual(await violations(page), [])
  await choose(page, 'acme.pdp', await packTestDriver(t, '1.0.0'))
  await inDialog(page, 'Upload').click()
  await page.getByRole('link', { name: 'acme' }).waitFor()

  await page.goto(`${engine.portal}/providers/${providerId}?tab=driver`)
  await button(page, 'Attach driver').click()
  await page.getByLabel("The driver's own options").fill('level')
  await page.getByText('Each line is name=value').waitFor()
  await page.getByLabel("The driver's own options").fill('level=2')
  assert.deepEqual(await violations(page), [])
  await inDialog(page, 'Attach').click()
  await page.getByRole('link', { name: 'acme 1.0.0' }).click()
  await page.getByRole('row', { name: /host-a acme 1\.0\.0 installed 100%/ }).waitFor()
  assert.deepEqual(await violations(page), [])

  await page.goto(`${engine.portal}/providers/${providerId}?tab=driver`)
  await page
    .getByRole('row', { name: /acme 1\.0\.0/ })
    .getByRole('button')
    .click()
  await page.getByRole('menuitem', { name: 'Detach' }).click()
  await inDialog(page, 'Detach').click()
  await page.getByText('No driver attached').waitFor()
  await page.goto(`${engine.portal}/drivers`)
  await page.getByRole('row', { name: /acme/ }).getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await inDialog(page, 'Remove').click()
  await page.getByText('No driver package yet').waitFor()
  assert.deepEqual(await engine.list('/driverpackages'), [])
  assert.deepEqual(complaints, [])
})

test('why a driver is not on a host stands beside it', { skip }, async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t, { driverSigners })
  const { providerId, clusterId } = await setScene(engine, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { external_plugin_type: 'ACME' })
  await addHost(engine, clusterId, await startTestHost(t), 'host-x')
  const { id } = await engine.ask('POST', '/driverpackages', await packTestDriver(t, '1.0.0'))
  await engine.ask('POST', `/openstacknetworkproviders/${providerId}/driverpackages`, { id })
  const { page, complaints } = await visitLoggedIn(t, browser, engine, `/drivers/${id}`)
  await page.getByRole('row', { name: /host-x acme 1\.0\.0 failed/ }).waitFor()
  const [deployment] = await engine.list(`/driverpackages/${id}/deployments`)
  assert.ok(deployment.status_detail.length > 10)
  await page
    .getByRole('row', { name: /host-x/ })
    .getByText(deployment.status_detail)
    .waitFor()
  assert.deepEqual(complaints, [])
})
