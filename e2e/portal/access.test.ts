// Users get roles: made in the portal, on the system, a data center or one thing; the engine holds them to it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { setScene } from '../../apps/engine/testing/test-engine.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
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
const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' })

async function grant(page: Page, choices: Readonly<Record<string, string>>): Promise<void> {
  await button(page, 'Add permission').click()
  const dialog = page.getByRole('dialog')
  for (const [name, label] of Object.entries(choices))
    await dialog.getByRole('combobox', { name }).selectOption({ label })
  assert.deepEqual(await violations(page), [])
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await closed(page)
}

test('a user is added, may use a network and a VM, and may not any more', { skip }, async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const { clusterId, networkId } = await setScene(engine, provider)
  const vm = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: clusterId } })
  const { page, complaints } = await visitLoggedIn(t, browser, engine, '/users')
  await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()
  await button(page, 'Add user').first().click()
  await field(page, 'User name').fill('alice')
  await page.getByLabel(/^Password(?!,)/).fill('wonderland')
  await page.getByLabel('Password, again').fill('wonder')
  await button(page, 'Add').click()
  await page.getByText('The two are not the same').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByLabel('Password, again').fill('wonderland')
  await button(page, 'Add').click()
  await page.getByRole('link', { name: 'alice@internal-authz' }).click()
  await page.getByText('This user can log in and see nothing').waitFor()

  const alice = `Basic ${Buffer.from('alice@internal:wonderland').toString('base64')}`
  const seen = async (path: string) =>
    (Object.values((await engine.send('GET', path, undefined, { authorization: alice })).body)[0] as unknown[])
      ?.length ?? 0
  assert.equal(await seen('/vms'), 0)
  await grant(page, { On: 'cluster c', Role: 'UserRole' })
  await page.getByRole('row', { name: /UserRole cluster c/ }).waitFor()
  assert.equal(await seen('/vms'), 1)

  await page.goto(`${engine.portal}/vms/${vm.id}?tab=permissions`)
  await page
    .getByRole('row', { name: /alice@internal-authz UserRole cluster c/ })
    .getByRole('button')
    .click()
  // What is inherited says where it is to be removed.
  await page.getByRole('menuitem', { name: 'Remove permission' }).hover()
  await page.getByText('It comes from cluster c: remove it there.').waitFor()
  await page.keyboard.press('Escape')

  await page.goto(`${engine.portal}/networks/${networkId}?tab=profiles`)
  await page.getByRole('link', { name: 'blue' }).last().click()
  await page.getByRole('tab', { name: 'Permissions' }).click()
  await grant(page, { 'User or group': 'Everyone', Role: 'VnicProfileUser' })
  await page.getByRole('row', { name: /Everyone VnicProfileUser here/ }).waitFor()
  assert.equal((await engine.list('/vnicprofiles'))[0].public_use, 'true')

  await page.goto(`${engine.portal}/users`)
  await page.getByRole('link', { name: 'alice@internal-authz' }).click()
  await page
    .getByRole('row', { name: /UserRole cluster c/ })
    .getByRole('button')
    .click()
  await page.getByRole('menuitem', { name: 'Remove permission' }).click()
  await page.getByText('alice@internal-authz: UserRole on cluster c').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove permission' }).click()
  await page.getByText('This user can log in and see nothing').waitFor()
  assert.equal(await seen('/vms'), 0)

  await button(page, 'Remove').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page
    .getByText('No user yet')
    .or(page.getByRole('link', { name: 'admin@internal-authz' }))
    .first()
    .waitFor()
  assert.equal(
    (await engine.list('/users')).some(({ principal }) => principal === 'alice'),
    false,
  )
  assert.deepEqual(complaints, [])
})

test('a role of one’s own is put together from permits; predefined ones stay as they are', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const { page, complaints } = await visitLoggedIn(t, browser, engine, '/roles')
  await page
    .getByRole('row', { name: /SuperUser/ })
    .getByRole('button')
    .click()
  await page.getByRole('menuitem', { name: 'Remove' }).hover()
  await page.getByText('Predefined roles cannot be changed.').waitFor()
  await page.keyboard.press('Escape')
  await page
    .getByRole('row', { name: /VnicProfileUser/ })
    .getByRole('button')
    .click()
  await page.getByRole('menuitem', { name: 'Permits' }).click()
  await page.getByRole('dialog').getByText('configure_vm_network', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  await button(page, 'Add role').click()
  await field(page, 'Name').fill('Starter')
  await button(page, 'Add').click()
  await page.getByText('At least one permit is needed').waitFor()
  await page.getByRole('checkbox', { name: 'run_vm', exact: true }).check()
  assert.deepEqual(await violations(page), [])
  await button(page, 'Add').click()
  await page.getByRole('row', { name: /Starter.*Own/ }).waitFor()
  const role = (await engine.list('/roles')).find(({ name }) => name === 'Starter')
  const permits = (await engine.list(`/roles/${role.id}/permits`)).map(({ name }) => name).sort()
  assert.deepEqual(permits, ['login', 'run_vm'])
  assert.deepEqual(complaints, [])
})
