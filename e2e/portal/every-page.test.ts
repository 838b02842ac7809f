// Every page of the portal with all of its tabs, as one sees it on a narrow window in the dark: all of it is
// there, nothing complains, and a page with nothing says what to do first.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type Campus, startCampus } from './campus.ts'
import {
  portalUnavailable,
  startBrowser,
  startPortalEngine,
  type Visit,
  violations,
  visitLoggedIn,
} from './portal-bed.ts'
import './quiet-network.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

/** Those that a new engine has nothing for, and those that are never empty. */
const emptyAtFirst = [
  'providers',
  'networks',
  'vms',
  'hosts',
  'clusters',
  'data-centers',
  'topology',
  'drivers',
  'jobs',
]
const neverEmpty = ['events', 'users', 'roles']

const detailsOf = ({ providerId, networkId, profileId, vmId, nicId, hostId, driverId, userId }: Campus) => [
  `providers/${providerId}`,
  `networks/${networkId}`,
  `profiles/${profileId}`,
  `vms/${vmId}`,
  `vms/${vmId}/nics/${nicId}/diagnosis`,
  `hosts/${hostId}`,
  `drivers/${driverId}`,
  `users/${userId}`,
  'topology?view=table',
]

test('no page is wider than a narrow window, nor hard to read in the dark', { skip }, async (t) => {
  const campus = await startCampus(t)
  await addLongNames(campus)
  const visit = await visitLoggedIn(t, browser, campus.engine)
  const { page, complaints } = visit
  const refused = refusals(visit)
  await darken(page)
  for (const path of [...emptyAtFirst, ...neverEmpty, ...detailsOf(campus)]) {
    await page.goto(`${campus.engine.portal}/${path}`)
    await untilLoaded(page)
    await fits(page, path)
    assert.deepEqual(await violations(page), [], path)
    const tabs = page.getByRole('tab', { selected: false })
    for (const name of await tabs.allTextContents()) {
      await page.getByRole('tab', { name, exact: true }).click()
      await page.getByRole('tab', { name, exact: true, selected: true }).waitFor()
      await untilLoaded(page)
      await fits(page, `${path}, ${name}`)
    }
  }
  assert.deepEqual(complaints, [])
  assert.deepEqual(refused, [])
})

test('a page with nothing says what to do first', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const visit = await visitLoggedIn(t, browser, engine)
  const { page, complaints } = visit
  const refused = refusals(visit)
  for (const path of emptyAtFirst) {
    await page.goto(`${engine.portal}/${path}`)
    await untilLoaded(page)
    const nothing = page.locator('.pf-v6-c-empty-state')
    await nothing.getByRole('heading', { level: 2 }).waitFor()
    await nothing.locator('button, a').first().waitFor()
    await fits(page, path)
  }
  assert.deepEqual(complaints, [])
  assert.deepEqual(refused, [])
})

/** As long as the engine lets them be, and with no place to break. */
async function addLongNames({ engine, clusterId, profileId, dataCenterId }: Campus) {
  const name = 'n'.repeat(200)
  await engine.ask('POST', '/networks', { name, description: name, data_center: { id: dataCenterId } })
  const { id } = await engine.ask('POST', '/vms', { name, description: name, cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${id}/nics`, { name: 'n'.repeat(50), vnic_profile: { id: profileId } })
}

async function darken(page: Page) {
  await page.setViewportSize({ width: 800, height: 700 })
  await page.evaluate(() => (globalThis as any).localStorage.setItem('patchbay-theme', 'dark'))
}

/** What the engine does not know or does not allow, although nothing but a look was asked for. A slow provider is none of that. */
function refusals({ page }: Visit): string[] {
  const refused: string[] = []
  page.on('response', (response) => {
    if ([401, 403, 404, 405].includes(response.status())) refused.push(`${response.status()} ${response.url()}`)
  })
  return refused
}

async function untilLoaded(page: Page) {
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(() => (globalThis as any).document.querySelector('.pf-v6-c-spinner') === null)
}

/** Its own parts may scroll sideways, as a picture does; the page must not. */
async function fits(page: Page, place: string) {
  const tooWide = await page.evaluate(() =>
    [...(globalThis as any).document.querySelectorAll('html, main, main > section')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
      .map(({ className, scrollWidth, clientWidth }) => `${className} has ${scrollWidth} px, room for ${clientWidth}`),
  )
  assert.deepEqual(tooWide, [], place)
}
