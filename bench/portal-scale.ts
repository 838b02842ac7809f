// The portal with 2,000 networks and 10,000 vNICs in its engine: how long until a page can be used, what a storm of changes
// costs whoever types meanwhile, what a first visit loads, and how accessible the pages are.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { portalUnavailable, startBrowser } from '../e2e/portal/portal-bed.ts'
import { startScale } from './engine-scale/start.ts'
import { median } from './load.ts'
import { type Row, report } from './report.ts'

const reason = portalUnavailable()
if (reason) throw new Error(`the portal cannot be measured here: ${reason}`)

const firstPort = 19_720
const visits = 5
const storm = { perSecond: 60, seconds: 5 }

await using stack = new AsyncDisposableStack()
const { engine, installation } = await startScale(stack, firstPort)
const browser = await startBrowser()
stack.defer(() => browser.close())
const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
const portal = `${engine.url}/ovirt-engine/webadmin`

const firstLoad = await scriptsOfFirstVisit(page)
const rows: Row[] = [firstLoad]
const scores: number[] = []
for (const [what, path] of [
  ['networks', '/networks'],
  ['VMs', '/vms'],
  ['VMs, the last page, sorted', '/vms?sort=-name&page=100'],
  ['a VM with its vNICs', `/vms/${installation.upVmIds[0]}?tab=nics`],
  ['hosts', '/hosts'],
  ['events', '/events'],
] as const) {
  rows.push({ what: `${what}, until it can be used, p50`, value: await untilUsable(path), unit: 'ms', goal: '<= 1000' })
  scores.push(await accessibility(page))
}
rows.push({ what: 'accessibility of the least accessible', value: Math.min(...scores), unit: '', goal: '>= 95' })
process.exitCode = report('portal-scale', [...rows, ...(await typingInAStorm())]) ? 0 : 1

/** Compressed, as they come over the network. */
async function scriptsOfFirstVisit(page: Page): Promise<Row> {
  await page.goto(`${portal}/networks`)
  await page.getByRole('grid').waitFor()
  const bytes: number = await page.evaluate(() =>
    (globalThis as any).performance
      .getEntriesByType('resource')
      .filter(({ name }: { name: string }) => name.endsWith('.js'))
      .reduce((sum: number, { encodedBodySize }: { encodedBodySize: number }) => sum + encodedBodySize, 0),
  )
  return { what: 'scripts of a first visit', value: bytes / 1000, unit: 'kB', goal: '<= 300' }
}

/** From the address to rows that can be clicked. */
async function untilUsable(path: string): Promise<number> {
  const times: number[] = []
  for (let visit = 0; visit < visits; visit++) {
    const began = performance.now()
    await page.goto(portal + path)
    await page.getByRole('grid').getByRole('row').nth(1).click({ trial: true })
    times.push(performance.now() - began)
  }
  return median(times)
}

/** Checks that hold against all that apply, the graver the heavier, as Lighthouse counts; 100: all hold. */
async function accessibility(page: Page): Promise<number> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  return page.evaluate(async () => {
    const weights: Record<string, number> = { minor: 1, moderate: 3, serious: 7, critical: 10 }
    const weigh = (found: { impact?: string }[]) =>
      found.reduce((sum, { impact = 'serious' }) => sum + (weights[impact ?? 'serious'] ?? 7), 0)
    const { passes, violations } = await (globalThis as any).axe.run()
    return (100 * weigh(passes)) / (weigh(passes) + weigh(violations))
  })
}

/** VMs that the page shows change all the time; somebody types into its search. */
async function typingInAStorm(): Promise<Row[]> {
  await page.goto(`${portal}/vms?sort=name`)
  await page.getByRole('grid').waitFor()
  const field = page.getByRole('textbox').or(page.getByRole('searchbox')).first()
  await field.click()
  await page.evaluate(watchKeys)
  const ended = performance.now() + storm.seconds * 1000
  const changing = changeVms(ended)
  while (performance.now() < ended) {
    await field.press('x')
    await delay(50)
  }
  const sent = await changing
  const waits: number[] = await page.evaluate(() => (globalThis as any).waits)
  waits.sort((a, b) => a - b)
  return [
    { what: 'changes per second', value: sent / storm.seconds, unit: '/s' },
    {
      what: 'from a key to its picture, p95',
      value: waits[Math.floor(waits.length * 0.95)]!,
      unit: 'ms',
      goal: '<= 100',
    },
    { what: 'and at worst', value: waits.at(-1)!, unit: 'ms' },
  ]
}

/** In the page: ms from each key press to the second frame after it. */
function watchKeys(): void {
  const page = globalThis as any
  page.waits = []
  page.addEventListener('keydown', ({ timeStamp }: { timeStamp: number }) =>
    page.requestAnimationFrame(() => page.requestAnimationFrame((at: number) => page.waits.push(at - timeStamp))),
  )
}

async function changeVms(until: number): Promise<number> {
  let sent = 0
  const began = performance.now()
  const changes: Promise<unknown>[] = []
  while (performance.now() < until) {
    const vm = installation.upVmIds[sent % installation.upVmIds.length]
    changes.push(
      fetch(`${engine.url}/ovirt-engine/api/vms/${vm}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ description: `change ${sent}` }),
      }).then((answer) => answer.arrayBuffer()),
    )
    sent++
    await delay(Math.max(0, began + (sent * 1000) / storm.perSecond - performance.now()))
  }
  await Promise.all(changes)
  return sent
}
