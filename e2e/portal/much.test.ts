// The portal with much to show: 500 vNICs in one picture, and a list in which something changes all the time.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type Much, startMuch } from './much.ts'
import { portalUnavailable, startBrowser, violations, visitLoggedIn } from './portal-bed.ts'
import './quiet-network.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

test('with 500 vNICs and 50 virtual machines', { skip }, async (t) => {
  const scene = await startMuch(t)
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

async function oneByOne(page: Page, { engine }: Much) {
  await page.goto(`${engine.portal}/topology?max=500`)
  await page
    .getByRole('link', { name: /^nic0 / })
    .first()
    .waitFor()
  const boxes = await drawn(page)
  assert.ok(boxes.length >= 500 && boxes.length < 700, `${boxes.length} nodes`)
  assert.deepEqual(overlapping(boxes), [])
}

async function typing(page: Page, { engine, vmIds }: Much) {
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
