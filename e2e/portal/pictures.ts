// `node --test e2e/portal/pictures.ts`: takes the pictures of the portal in docs/pictures/ anew.
import { resolve } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Campus, startCampus } from './campus.ts'
import { startMuch } from './much.ts'
import { portalUnavailable, startBrowser, untilStill, visitLoggedIn } from './portal-bed.ts'

const folder = resolve(import.meta.dirname, '../../docs/pictures')

/** Name of the picture, its place, and a text that is there when all is. */
const pictures = ({ networkId, providerId, vmId, nicId, hostId, driverId, userId }: Campus) => [
  ['providers', '/providers', 'Of the campus'],
  ['import', `/providers/${providerId}?tab=networks&dialog=import`, 'printers'],
  ['networks', '/networks', 'telephones'],
  ['network', `/networks/${networkId}?tab=ports`, '10.0.0.2'],
  ['addresses', `/networks/${networkId}?tab=addresses`, 'of 253 addresses'],
  ['vms', '/vms', 'database'],
  ['vm', `/vms/${vmId}?tab=nics`, 'blue'],
  ['diagnosis', `/vms/${vmId}/nics/${nicId}/diagnosis`, 'Broken'],
  ['topology', '/topology', 'none broken'],
  ['hosts', '/hosts', 'host-b'],
  ['host', `/hosts/${hostId}?tab=networks`, '10.1.0.5'],
  ['drivers', `/drivers/${driverId}`, 'installed'],
  ['user', `/users/${userId}?tab=permissions`, 'NetworkAdmin'],
]

test('pictures', { skip: portalUnavailable() }, async (t) => {
  const browser = await startBrowser()
  t.after(() => browser.close())
  const campus = await startCampus(t)
  const { page } = await visitLoggedIn(t, browser, campus.engine)
  page.setDefaultNavigationTimeout(20_000)
  const take = takerOf(page, campus.engine.portal)
  for (const picture of pictures(campus)) await take(picture)
  await page.evaluate(() => (globalThis as any).localStorage.setItem('patchbay-theme', 'dark'))
  await take(['dark', '/jobs', 'Run VM web'])
})

test('a picture of 500 vNICs', { skip: portalUnavailable() }, async (t) => {
  const browser = await startBrowser()
  t.after(() => browser.close())
  const { engine } = await startMuch(t)
  const { page } = await visitLoggedIn(t, browser, engine)
  await takerOf(page, engine.portal)(['topology-500', '/topology', '500 vNICs'])
})

const takerOf =
  (page: Page, portal: string) =>
  async ([name, path, seen]: readonly string[]) => {
    await page.goto(portal + path)
    await page.getByText(seen!).first().waitFor()
    await untilStill(page)
    await page.screenshot({ path: `${folder}/portal-${name}.png` })
  }
