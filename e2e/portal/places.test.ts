// Where everything begins: a data center, a cluster, a vNIC profile are made, changed and removed in the portal.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { portalUnavailable, startBrowser, startPortalEngine, violations, visitLoggedIn } from './portal-bed.ts'
import './quiet-network.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function rowAction(page: Page, row: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${row}`, exact: true }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

async function end(page: Page, verb: string): Promise<void> {
  assert.deepEqual(await violations(page), [])
  await page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

const group = '7c1b1b6e-2f5c-4d6a-9d3e-0d1f2a3b4c5d'

test('data center, cluster and profile', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const { page, complaints } = await visitLoggedIn(t, browser, engine, '/clusters')
  await button(page, 'Add cluster').first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).hover()
  await page.getByText('There is no data center yet').waitFor()
  await button(page, 'Cancel').click()

  await page.getByRole('link', { name: 'Data centers' }).click()
  await button(page, 'Add data center').first().click()
  await field(page, 'Name').fill('north')
  await end(page, 'Add')
  await rowAction(page, 'north', 'Edit')
  await field(page, 'Description').fill('of the campus')
  await end(page, 'Save')
  await page.getByRole('row', { name: /north of the campus/ }).waitFor()
  const [{ id }] = await engine.list('/datacenters')

  await page.getByRole('link', { name: 'Clusters' }).click()
  await button(page, 'Add cluster').first().click()
  await field(page, 'Name').fill('c1')
  await page.getByRole('combobox', { name: 'Switch type' }).selectOption({ label: 'Open vSwitch' })
  await end(page, 'Add')
  await page.getByRole('row', { name: /c1 north Open vSwitch/ }).waitFor()
  assert.deepEqual(await violations(page), [])
  await rowAction(page, 'c1', 'Edit')
  await field(page, 'Name').fill('c2')
  await end(page, 'Save')
  await page.getByRole('row', { name: /c2 north Open vSwitch/ }).waitFor()

  const network = await engine.ask('POST', '/networks', { name: 'lan', data_center: { id } })
  await page.goto(`${engine.portal}/networks/${network.id}`)
  await button(page, 'Edit').click()
  await field(page, 'Label').fill('trunk')
  await field(page, 'MTU').fill('1400')
  await page.getByRole('checkbox', { name: 'Enable VLAN tagging' }).check()
  await field(page, 'VLAN id').fill('20')
  await end(page, 'Save')
  await page.getByText('trunk', { exact: true }).waitFor()
  assert.deepEqual(
    (await engine.list(`/networks/${network.id}/networklabels`)).map((label) => label.id),
    ['trunk'],
  )
  const { mtu, vlan } = await engine.ask('GET', `/networks/${network.id}`)
  assert.deepEqual([mtu, vlan.id], ['1400', '20'])
  await page.goto(`${engine.portal}/networks/${network.id}?tab=profiles`)
  await button(page, 'Add vNIC profile').click()
  await field(page, 'Name').fill('guests')
  await field(page, 'Custom properties').fill('SecurityGroups')
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Each line is name=value').waitFor()
  await field(page, 'Custom properties').fill(`SecurityGroups=${group}`)
  await page.getByRole('checkbox', { name: 'Everybody may use it' }).check()
  await end(page, 'Add')
  await page.getByRole('link', { name: 'guests' }).click()
  await page.getByText('vdsm-no-mac-spoofing').first().waitFor()
  await button(page, 'Edit').click()
  await page.getByRole('combobox', { name: 'Network filter' }).selectOption({ label: 'No Network Filter' })
  await end(page, 'Save')
  await page.getByText('No Network Filter').first().waitFor()
  const profile = (await engine.list('/vnicprofiles')).find(({ name }) => name === 'guests')
  assert.deepEqual(
    [profile.network_filter, profile.public_use, profile.custom_properties.custom_property],
    [undefined, 'true', [{ name: 'SecurityGroups', value: group }]],
  )
  await button(page, 'Edit').click()
  await page.getByRole('checkbox', { name: 'Pass-through' }).check()
  await page.getByRole('checkbox', { name: 'Migratable' }).check()
  assert.ok(await page.getByRole('checkbox', { name: 'Port mirroring' }).isDisabled())
  assert.deepEqual(await violations(page), [])
  await end(page, 'Save')
  await page.getByText('Migratable', { exact: true }).waitFor()
  const passing = await engine.ask('GET', `/vnicprofiles/${profile.id}`)
  assert.deepEqual([passing.pass_through.mode, passing.migratable], ['enabled', 'true'])
  await button(page, 'Remove').click()
  await end(page, 'Remove')
  await page.getByRole('link', { name: 'lan' }).last().waitFor()

  await page.getByRole('link', { name: 'Data centers' }).click()
  await rowAction(page, 'north', 'Remove')
  await page.getByText('It stays while 1 cluster is in it: c2').waitFor()
  await page.getByText('1 network goes from the engine: lan').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true, disabled: true }).waitFor()
  await button(page, 'Cancel').click()
  await page.getByRole('link', { name: 'Clusters' }).click()
  await rowAction(page, 'c2', 'Remove')
  await end(page, 'Remove')
  await page.getByText('No cluster yet').waitFor()
  await page.getByRole('link', { name: 'Data centers' }).click()
  await rowAction(page, 'north', 'Remove')
  await end(page, 'Remove')
  await page.getByText('No data center yet').waitFor()
  assert.deepEqual(await engine.list('/networks'), [])
  assert.deepEqual(complaints, [])
})
