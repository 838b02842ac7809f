// `node --test e2e/portal/pictures.ts`: takes the pictures of the portal in docs/pictures/ anew.
import { resolve } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { importNetwork, makeNetwork, setScene } from '../../apps/engine/testing/test-engine.ts'
import { addHost, startTestHost } from '../../apps/engine/testing/test-host.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { portalUnavailable, startBrowser, startPortalEngine, visitLoggedIn } from './portal-bed.ts'

const folder = resolve(import.meta.dirname, '../../docs/pictures')

test('pictures', { skip: portalUnavailable() }, async (t) => {
  const browser = await startBrowser()
  t.after(() => browser.close())
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const scene = await setScene(engine, provider)
  const sdn = `/openstacknetworkproviders/${scene.providerId}`
  await engine.ask('PUT', sdn, { external_plugin_type: 'TEST', description: 'Of the campus' })
  const subnet = { name: 'blue-v4', cidr: '10.0.0.0/24', ip_version: 'v4' }
  await engine.ask('POST', `${sdn}/networks/${scene.externalId}/subnets`, subnet)
  for (const name of ['office', 'telephones']) {
    const externalId = await makeNetwork(provider, name)
    await importNetwork(engine, { ...scene, externalId })
  }
  for (const name of ['cameras', 'guests', 'printers']) await makeNetwork(provider, name)
  for (const name of ['host-a', 'host-b']) await addHost(engine, scene.clusterId, await startTestHost(t), name)
  for (const name of ['web', 'mail', 'database']) {
    const { id } = await engine.ask('POST', '/vms', { name, cluster: { id: scene.clusterId } })
    await engine.ask('POST', `/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: scene.profileId } })
    if (name !== 'database') await engine.ask('POST', `/vms/${id}/start`)
  }
  const { page } = await visitLoggedIn(t, browser, engine)
  const take = async (name: string, path: string, seen: string) => {
    await page.goto(engine.portal + path)
    await page.getByText(seen).first().waitFor()
    await settled(page)
    await page.screenshot({ path: `${folder}/portal-${name}.png` })
  }
  page.setDefaultNavigationTimeout(20_000)
  await take('providers', '/providers', 'Of the campus')
  await take('networks', '/networks', 'telephones')
  await take('network', `/networks/${scene.networkId}?tab=ports`, '10.0.0.2')
  await take('addresses', `/networks/${scene.networkId}?tab=addresses`, 'of 253 addresses')
  await take('vms', '/vms', 'database')
  await take('topology', '/topology', 'none broken')
  const [vm] = await engine.list('/vms?search=name=web')
  await take('vm', `/vms/${vm.id}?tab=nics`, 'blue')
  await take('import', `/providers/${scene.providerId}?tab=networks&dialog=import`, 'printers')
  await page.evaluate(() => (globalThis as any).localStorage.setItem('patchbay-theme', 'dark'))
  await take('dark', '/events', 'sdn')
})

/** Fonts are there, and nothing moves any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { document } = globalThis as any
    await document.fonts.ready
    await Promise.all(document.getAnimations().map((each: any) => each.finished.catch(() => {})))
  })
}
