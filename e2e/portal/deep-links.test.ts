// Every place of the portal has an address: a search, a tab, a dialog. What fails is told there with its reason.
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

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const scene = await setScene(engine, provider)
  const host = await startTestHost(t)
  const hostId = await addHost(engine, scene.clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: scene.clusterId } })
  return { ...scene, engine, host, hostId, vmId }
}

type Scene = Awaited<ReturnType<typeof startScene>>

test('places and their addresses', { skip }, async (t) => {
  const scene = await startScene(t)
  const { page, complaints } = await visitLoggedIn(t, browser, scene.engine)
  await t.test('the query that a list gives as an example is one that it answers', () => examples(page, scene))
  await t.test('tab and dialog are in the address, and back opens them again', () => dialogs(page, scene))
  await t.test('what failed says why, under its correlation id; so does its job', () => failedJob(page, scene))
  assert.deepEqual(complaints, [])
})

const lists = [
  'providers',
  'networks',
  'vms',
  'hosts',
  'clusters',
  'data-centers',
  'drivers',
  'events',
  'jobs',
  'users',
  'roles',
]

async function examples(page: Page, { engine }: Scene) {
  for (const list of lists) {
    await page.goto(`${engine.portal}/${list}`)
    const search = page.getByRole('textbox', { name: 'Search' })
    const [, example] = (await search.getAttribute('placeholder'))!.split('a query: ')
    const answer = page.waitForResponse((response) => new URL(response.url()).searchParams.has('search'))
    await search.fill(example!)
    await search.press('Enter')
    assert.equal((await answer).status(), 200, `${list}: ${example}`)
    await page.waitForURL(({ searchParams }) => searchParams.get('q') === example)
  }
}

/** Place, tab with its name, dialog. */
const dialogPlaces = ({ providerId, networkId, profileId, vmId, hostId }: Scene) =>
  [
    [`/providers/${providerId}`, 'networks', 'Networks', 'import'],
    [`/networks/${networkId}`, 'subnets', 'Subnets', 'new-subnet'],
    [`/networks/${networkId}`, 'profiles', 'vNIC profiles', 'add-profile'],
    [`/profiles/${profileId}`, 'permissions', 'Permissions', 'grant'],
    [`/vms/${vmId}`, 'nics', 'vNICs', 'add-nic'],
    [`/hosts/${hostId}`, 'networks', 'Networks', 'attach'],
  ] as const

async function dialogs(page: Page, scene: Scene) {
  for (const [path, tab, name, dialog] of dialogPlaces(scene)) {
    await page.goto(`${scene.engine.portal}${path}?tab=${tab}&dialog=${dialog}`)
    const open = page.getByRole('dialog')
    await open.waitFor()
    // One begins to type at once; the one to import has nothing to type yet.
    if (dialog !== 'import') await open.locator(':is(input, select):focus').waitFor()
    await open.getByRole('button', { name: 'Cancel' }).click()
    await open.waitFor({ state: 'detached' })
    const { searchParams } = new URL(page.url())
    assert.deepEqual([searchParams.get('tab'), searchParams.get('dialog')], [tab, null], path)
    await page.getByRole('tab', { name, selected: true }).waitFor()
    await page.goBack()
    await open.waitFor()
  }
}

async function failedJob(page: Page, { engine, host, vmId }: Scene) {
  host.answer('VM.create', async ({ vmID }) => {
    host.vms.set(vmID as string, { status: 'Down', exitReason: 1, exitMessage: 'a hook said no', macs: [] })
    return {}
  })
  await page.goto(`${engine.portal}/vms/${vmId}`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByText('a hook said no').first().waitFor()
  await page.getByText('Correlation id:').waitFor()
  await page.getByRole('link', { name: 'Jobs' }).click()
  const row = page.getByRole('row', { name: /Run VM web/ })
  await row.getByText('failed', { exact: true }).waitFor()
  assert.deepEqual(await violations(page), [])
  await row.locator('[tabindex="0"]').first().focus()
  await page.getByRole('tooltip').getByText('a hook said no').waitFor()
}
