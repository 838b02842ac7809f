// The portal with much to show: 500 vNICs in one picture, and a list in which something changes all the time.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { importNetwork, makeNetwork, setScene } from '../../apps/engine/testing/test-engine.ts'
import { addHost, startTestHost } from '../../apps/engine/testing/test-host.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { portalUnavailable, startBrowser, startPortalEngine, violations, visitLoggedIn } from './portal-bed.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

const size = { networks: 10, vms: 50 }

/** Each VM has a vNIC on each network; one of them runs. */
async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const scene = await setScene(engine, provider)
  await addHost(engine, scene.clusterId, await startTestHost(t), 'host-a')
  const profileIds = [scene.profileId]
  for (let at = 1; at < size.networks; at++) {
    const externalId = await makeNetwork(provider, `network-${at}`)
    const { networkId, profileId } = await importNetwork(engine, { ...scene, externalId })
    await engine.ask('POST', `/clusters/${scene.clusterId}/networks`, { id: networkId, required: false })
    profileIds.push(profileId)
  }
  const cluster = { id: scene.clusterId }
  const first = await engine.ask('POST', '/vms', { name: 'vm-0', cluster })
  for (const [at, id] of profileIds.entries())
    await engine.ask('POST', `/vms/${first.id}/nics`, { name: `nic${at}`, vnic_profile: { id } })
  const template = await engine.ask('POST', '/templates', { name: 'ten-vnics', vm: { id: first.id } })
  await engine.ask('POST', `/vms/${first.id}/start`, {})
  const vmIds: string[] = [first.id]
  for (let at = 1; at < size.vms; at++)
    vmIds.push((await engine.ask('POST', '/vms', { name: `vm-${at}`, cluster, template: { id: template.id } })).id)
  return { engine, vmIds }
}

test('with 500 vNICs and 50 virtual machines', { skip }, async (t) => {
  const scene = await startScene(t)
  const { page, complaints } = await visitLoggedIn(t, browser, scene.engine, '/topology')
  await t.test('the picture groups them, and the keyboard walks it column by column', () => grouped(page))
  await t.test('one network is shown one by one', () => filtered(page))
  await t.test('all of them one by one cover nothing of each other', () => oneByOne(page, scene))
  await t.test('a storm of changes takes no key from whoever types', () => typing(page, scene))
  assert.deepEqual(complaints, [])
})

async function grouped(page: Page) {
  await page.getByText('500 vNICs, none broken').waitFor()
  const boxes = await drawn(page)
  assert.ok(boxes.length > 10 && boxes.length < 60, `${boxes.length} nodes`)
  assert.deepEqual(overlapping(boxes), [])
  assert.deepEqual(await violations(page), [])
  const links = page.locator('.topology-node a')
  const names = await links.evaluateAll((all) => all.map((link: any) => link.getAttribute('aria-label')))
  await links.first().focus()
  const walked: (string | null)[] = []
  for (const _ of names) {
    walked.push(await page.locator(':focus').getAttribute('aria-label'))
    await page.keyboard.press('Tab')
  }
  assert.deepEqual(walked, names)
  assert.deepEqual(
    boxes.toSorted((a, b) => (Math.abs(a.x - b.x) > 1 ? a.x - b.x : a.y - b.y)),
    boxes,
    'column by column',
  )
}

async function filtered(page: Page) {
  await page.getByLabel('Network', { exact: true }).fill('network-3')
  await page.getByText('50 vNICs, none broken').waitFor()
  await page.getByRole('link', { name: 'nic3 up, vNIC' }).first().waitFor()
  assert.deepEqual(overlapping(await drawn(page)), [])
  await page.getByLabel('Virtual machine', { exact: true }).fill('vm-0')
  await page.getByText('1 vNIC, none broken').waitFor()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await page.getByText('500 vNICs, none broken').waitFor()
}

async function oneByOne(page: Page, { engine }: Scene) {
  await page.goto(`${engine.portal}/topology?max=500`)
  await page
    .getByRole('link', { name: /^nic0 / })
    .first()
    .waitFor()
  const boxes = await drawn(page)
  assert.ok(boxes.length >= 500 && boxes.length < 700, `${boxes.length} nodes`)
  assert.deepEqual(overlapping(boxes), [])
}

type Scene = Awaited<ReturnType<typeof startScene>>

async function typing(page: Page, { engine, vmIds }: Scene) {
  await page.goto(`${engine.portal}/vms?sort=name`)
  await page.getByRole('link', { name: 'vm-0', exact: true }).waitFor()
  const words = 'each key is a letter in the field'
  let isTyping = true
  const storm = async () => {
    for (let at = 0; isTyping; at++) await engine.ask('PUT', `/vms/${vmIds[at % 10]}`, { description: `change ${at}` })
    await engine.ask('PUT', `/vms/${vmIds[0]}`, { description: 'the last change' })
  }
  const storms = storm()
  const field = page.getByRole('textbox', { name: 'Search' })
  await field.pressSequentially(words, { delay: 15 })
  isTyping = false
  await storms
  assert.equal(await field.inputValue(), words)
  await page.getByText('the last change').waitFor()
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where each node of the picture is, in pixels. */
const drawn = (page: Page): Promise<Box[]> =>
  page.locator('.topology-node > a > rect, .topology-node > g > rect').evaluateAll((rects) =>
    rects.map((rect: any) => {
      const { x, y, width, height } = rect.getBoundingClientRect()
      return { x, y, width, height }
    }),
  )

const overlapping = (boxes: readonly Box[]) =>
  boxes.filter((a, at) =>
    boxes
      .slice(at + 1)
      .some((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  )
