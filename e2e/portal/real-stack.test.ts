// The story of an external network in the portal, on the real stack: a provider with users, the engine, and two hosts with
// their agents, whose guests are namespaces with real packets.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { leaseOf } from '../../lab/guests/guest.ts'
import { labUnavailable } from '../../lab/lab-unavailable.ts'
import { type Constellation, startConstellation } from '../../lab/services/constellation.ts'
import { addCluster } from '../../lab/services/engine-scene.ts'
import { logIn, portalUnavailable, startBrowser, violations, visit } from './portal-bed.ts'

const skip = portalUnavailable() || labUnavailable()
let browser: Browser
let constellation: Constellation
before(async () => {
  if (skip) return
  browser = await startBrowser()
  constellation = await startConstellation({ hosts: ['host-a', 'host-b'] })
})
after(async () => {
  await browser?.close()
  await constellation?.[Symbol.asyncDispose]()
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })
const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1, exact: true })
const shown = (page: Page, status: string) => page.getByText(status, { exact: true }).first().waitFor()

async function rowAction(page: Page, row: string, action: string): Promise<void> {
  await button(page, `Actions for ${row}`).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
  await heading(page, name).waitFor()
}

test('a provider is added, a network made on it, and a virtual machine is on that network wherever it runs', {
  skip,
}, async (t) => {
  const { page, complaints } = await enter(t)
  await addHosts(page)
  await addProvider(page)
  await makeNetwork(page)
  await runMachine(page)
  await migrate(page)
  await removeAll(page)
  // Over http from another machine a browser says that it leaves out what only https can have.
  assert.deepEqual(
    complaints.filter((each) => !each.startsWith('The Cross-Origin-Opener-Policy header has been ignored')),
    [],
  )
})

async function enter(t: TestContext) {
  await addCluster(constellation.engine, 'c')
  const portal = constellation.urls.engine.replace(/\/api$/, '/webadmin')
  const visited = await visit(t, browser, { portal }, '/hosts')
  await logIn(visited.page, constellation.password)
  return visited
}

async function addHosts(page: Page) {
  for (const { name, address } of constellation.lab.hosts) {
    await button(page, 'Add host').first().click()
    await field(page, 'Name').fill(name)
    await field(page, 'Address').fill(address)
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
    await closed(page)
    await page.getByRole('row', { name: new RegExp(`${name} up`) }).waitFor()
  }
  await page.getByRole('link', { name: 'host-a' }).click()
  await page.getByRole('tab', { name: 'Drivers' }).click()
  await page.getByRole('row', { name: /linux-bridge .*LINUX_BRIDGE .*vxlan/ }).waitFor()
  assert.deepEqual(await violations(page), [])
}

async function addProvider(page: Page) {
  const { urls, password } = constellation
  const identity = new URL(urls.identity)
  await goTo(page, 'External providers')
  await button(page, 'Add provider').first().click()
  await field(page, 'Name').fill('sdn')
  await page.getByLabel('Networking plugin').fill('LINUX_BRIDGE')
  await page.getByRole('checkbox', { name: 'Read-only' }).uncheck()
  await field(page, 'Provider URL').fill(urls.provider)
  await page.getByRole('checkbox', { name: 'Requires authentication' }).check()
  await field(page, 'User name').fill('admin')
  await page.getByLabel('Password').fill('wrong')
  await field(page, 'Host name').fill(identity.hostname)
  await field(page, 'API port').fill(identity.port)
  await button(page, 'Test').click()
  await page.getByText('Test failed').waitFor()
  await page.getByLabel('Password').fill(password)
  await button(page, 'Test').click()
  await page.getByText('Test succeeded, managed to access provider.').waitFor()
  await button(page, 'Add').click()
  await page.getByRole('link', { name: 'sdn' }).waitFor()
}

async function makeNetwork(page: Page) {
  await goTo(page, 'Networks')
  await button(page, 'New network').first().click()
  const adding = dialog(page, 'New network')
  await adding.getByRole('textbox', { name: 'Name', exact: true }).fill('blue')
  await adding.getByRole('checkbox', { name: 'Create on external provider' }).check()
  await adding.getByRole('checkbox', { name: 'Create subnet' }).check()
  await adding.getByRole('textbox', { name: 'CIDR' }).fill('10.1.0.0/24')
  await adding.getByRole('textbox', { name: 'Name', exact: true }).nth(1).fill('blue-v4')
  await adding.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('link', { name: 'blue' }).waitFor()
}

async function runMachine(page: Page) {
  await goTo(page, 'Virtual machines')
  await button(page, 'New virtual machine').first().click()
  await field(page, 'Name').fill('web')
  await button(page, 'Add').click()
  await page.getByRole('link', { name: 'web' }).click()
  await page.getByRole('tab', { name: 'vNICs' }).click()
  await button(page, 'Run').click()
  await shown(page, 'up')
  await button(page, 'New vNIC').click()
  await dialog(page, 'New vNIC').getByLabel('Profile').selectOption({ label: 'blue (External network)' })
  await button(page, 'Add').click()
  await shown(page, 'plugged')
  assert.match(await leaseInGuest(), /^10\.1\.0\./)
  await diagnose(page)
}

/** Nothing is broken. Goes back to the VM. */
async function diagnose(page: Page) {
  await rowAction(page, 'nic1', 'Why has it no network?')
  await heading(page, 'Diagnosis of nic1 of web').waitFor()
  await page.getByText('Nothing is broken').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.goBack()
  await shown(page, 'plugged')
}

/** The address that its DHCP client has, on the host where it runs. */
async function leaseInGuest(): Promise<string> {
  const { engine, lab, inGuest } = constellation
  const [vm] = await engine.list('/vms')
  const { name } = await engine.get(`/hosts/${vm.host.id}`)
  return leaseOf(lab.host(name), vm.id, 'eth0', inGuest)
}

async function migrate(page: Page) {
  const before = await leaseInGuest()
  const [{ host: source }] = await constellation.engine.list('/vms')
  await button(page, 'Migrate').click()
  await dialog(page, 'Migrate web').getByRole('button', { name: 'Migrate' }).click()
  await closed(page)
  await shown(page, 'up')
  const [{ host }] = await constellation.engine.list('/vms')
  assert.notEqual(host.id, source.id)
  assert.equal(await leaseInGuest(), before)
  await diagnose(page)
}

async function removeAll(page: Page) {
  await button(page, 'Power off').click()
  await shown(page, 'down')
  await button(page, 'Remove').click()
  await dialog(page, 'Remove virtual machine').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No virtual machine yet').waitFor()
  await goTo(page, 'Networks')
  await page.getByRole('link', { name: 'blue' }).click()
  await heading(page, 'blue').waitFor()
  await button(page, 'Remove').click()
  const removing = dialog(page, 'Remove networks')
  await removing.getByRole('checkbox').check()
  await removing.getByRole('button', { name: 'Remove' }).click()
  await heading(page, 'Networks').waitFor()
  const { provider, dataPlane, lab } = constellation
  assert.deepEqual([await provider.networks.list({}), await provider.ports.list({})], [[], []])
  for (const host of lab.hosts) assert.deepEqual(await dataPlane.leftOn(host), [])
}
