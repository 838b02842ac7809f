// A host's way in the portal: added, let in, its interfaces and networks set up, taken out of service and removed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { setScene } from '../../apps/engine/testing/test-engine.ts'
import { startTestHost } from '../../apps/engine/testing/test-host.ts'
import { testHostNetworks } from '../../apps/engine/testing/test-host-networks.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import {
  type PortalEngine,
  portalUnavailable,
  startBrowser,
  startPortalEngine,
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

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' })

async function rowAction(page: Page, row: RegExp, action: string): Promise<void> {
  await page.getByRole('row', { name: row }).getByRole('button').click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** As another administrator would, in the same moment. */
async function anotherChangesTheAddress(engine: PortalEngine, hostId: string, address: string): Promise<void> {
  const [{ id }] = await engine.list(`/hosts/${hostId}/networkattachments`)
  const ip = { address, netmask: '255.255.255.0' }
  const assignments = { ip_address_assignment: [{ assignment_method: 'static', ip }] }
  await engine.ask('POST', `/hosts/${hostId}/setupnetworks`, {
    modified_network_attachments: { network_attachment: [{ id, ip_address_assignments: assignments }] },
    check_connectivity: 'true',
  })
}

test('a host is added, let in, set up and removed', { skip }, async (t) => {
  const networks = testHostNetworks()
  const agent = await startTestHost(t, [], networks.verbs)
  agent.answer('Host.getCapabilities', async () => networks.capabilities())
  const engine = await startPortalEngine(t)
  const { clusterId, dataCenterId } = await setScene(engine, await startTestProvider(t))
  for (const [name, more] of [
    ['managing', { required: 'true', usages: { usage: ['vm', 'management'] } }],
    ['storage', { required: 'false' }],
  ] as const) {
    const { id } = await engine.ask('POST', '/networks', { name, data_center: { id: dataCenterId } })
    await engine.ask('POST', `/clusters/${clusterId}/networks`, { id, ...more })
  }
  const { page, complaints } = await visitLoggedIn(t, browser, engine, '/hosts')
  await button(page, 'Add host').first().click()
  await field(page, 'Name').fill('host-a')
  await field(page, 'Address').fill('127.0.0.1')
  await field(page, 'Port').fill('0')
  await inDialog(page, 'Add').click()
  await page.getByText('A port is a number from 1 to 65535').waitFor()
  assert.deepEqual(await violations(page), [])
  await field(page, 'Port').fill(String(agent.port))
  await inDialog(page, 'Add').click()
  await page
    .getByRole('row', { name: /host-a up/ })
    .getByRole('link', { name: 'host-a' })
    .click()
  await page.getByRole('heading', { name: 'host-a', level: 1 }).waitFor()
  await button(page, 'Enrolment token').click()
  await button(page, 'Make a token').click()
  await page.getByText('patchbay agent enrol').or(page.locator('input[value*="patchbay agent enrol"]')).waitFor()
  assert.deepEqual(await violations(page), [])
  await button(page, 'Cancel').click()

  await page.getByRole('tab', { name: 'Network interfaces' }).click()
  await button(page, 'Make bond').click()
  for (const name of ['eth1', 'eth2']) await page.getByRole('checkbox', { name }).check()
  assert.deepEqual(await violations(page), [])
  await inDialog(page, 'Make bond').click()
  await page.getByRole('row', { name: /bond0 bond of eth1, eth2/ }).waitFor()
  await page.getByRole('row', { name: /eth1 NIC up .*12B 7B/ }).waitFor()
  assert.deepEqual(await violations(page), [])

  await rowAction(page, /eth0 NIC/, 'Labels')
  await field(page, 'Labels').fill('a b')
  await inDialog(page, 'Save').click()
  await page.getByText('A label has letters, digits').waitFor()
  assert.deepEqual(await violations(page), [])
  await field(page, 'Labels').fill('trunk, lan')
  await inDialog(page, 'Save').click()
  await closed(page)
  await page.getByRole('row', { name: /eth0 NIC .* trunk, lan/ }).waitFor()

  await page.getByRole('tab', { name: 'Networks' }).click()
  await button(page, 'Attach network').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Network' }).selectOption({ label: 'storage' })
  await dialog.getByRole('combobox', { name: 'Interface' }).selectOption({ label: 'bond0' })
  await dialog.getByRole('combobox', { name: 'IPv4 address' }).selectOption({ label: 'Static' })
  await field(page, 'Address').fill('10.1.0')
  await inDialog(page, 'Attach').click()
  await page.getByText('This is not an IPv4 address').waitFor()
  await field(page, 'Address').fill('10.1.0.5')
  await inDialog(page, 'Attach').click()
  await closed(page)
  await page.getByRole('row', { name: /storage bond0 10\.1\.0\.5 in sync/ }).waitFor()
  assert.deepEqual(await violations(page), [])
  await rowAction(page, /storage/, 'Edit')
  await field(page, 'Name servers').fill('10.1.0.53')
  const [host] = await engine.list('/hosts')
  await anotherChangesTheAddress(engine, host.id, '10.1.0.6')
  await inDialog(page, 'Save').click()
  await closed(page)
  const [kept] = await engine.list(`/hosts/${host.id}/networkattachments`)
  assert.equal(kept.ip_address_assignments.ip_address_assignment[0].ip.address, '10.1.0.6')
  assert.deepEqual(kept.dns_resolver_configuration.name_servers.name_server, ['10.1.0.53'])

  await rowAction(page, /storage/, 'Detach')
  await inDialog(page, 'Detach').click()
  await page.getByText('No network attached').waitFor()

  await button(page, 'Maintenance').click()
  await page.getByText('maintenance', { exact: true }).waitFor()
  await button(page, 'Remove').click()
  await inDialog(page, 'Remove').click()
  await page.getByText('No host yet').waitFor()
  assert.deepEqual(await engine.list('/hosts'), [])
  assert.deepEqual(complaints, [])
})
