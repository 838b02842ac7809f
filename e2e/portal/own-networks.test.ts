// Networks of the engine's own in the portal: made with a label, attached everywhere, and what each is for in a cluster.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { portalUnavailable, startBrowser, startPortalEngine, violations, visitLoggedIn } from './portal-bed.ts'
import './quiet-network.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const box = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true })
const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' })

async function startScene(t: TestContext, path: string) {
  const engine = await startPortalEngine(t)
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const addCluster = async (name: string) =>
    (await engine.ask('POST', '/clusters', { name, data_center: { id: dataCenterId } })).id as string
  const clusters = { east: await addCluster('east'), west: await addCluster('west') }
  const { page, complaints } = await visitLoggedIn(t, browser, engine, path)
  t.after(() => assert.deepEqual(complaints, []))
  return { engine, page, clusters }
}

test('a network is attached to all clusters unless somebody says otherwise, and has its label', { skip }, async (t) => {
  const { engine, page, clusters } = await startScene(t, '/networks?dialog=new')
  const names = async (clusterId: string) =>
    (await engine.list(`/clusters/${clusterId}/networks`)).map(({ name }) => name).sort()
  const dialog = page.getByRole('dialog', { name: 'New network' })
  const add = async (name: string) => {
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await button(page, 'Add').click()
    await closed(page)
  }
  await dialog.getByRole('textbox', { name: 'Label' }).fill('two words')
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('lan')
  await button(page, 'Add').click()
  await page.getByText('A label has letters, digits').waitFor()
  await dialog.getByRole('textbox', { name: 'Label' }).fill('inside')
  await add('lan')
  const [lan] = await engine.list('/networks?search=name%3Dlan')
  assert.deepEqual(
    (await engine.list(`/networks/${lan.id}/networklabels`)).map(({ id }) => id),
    ['inside'],
  )

  await button(page, 'New network').first().click()
  await box(page, 'west').uncheck()
  await add('eastern')
  assert.deepEqual([await names(clusters.east), await names(clusters.west)], [['eastern', 'lan'], ['lan']])
})

test('what a network is for in a cluster is chosen, and taken from the one that had it', { skip }, async (t) => {
  const { engine, page, clusters } = await startScene(t, '/networks')
  for (const name of ['old', 'new'])
    await engine.ask('POST', '/networks', {
      ...{ name, data_center: { name: 'dc' } },
      clusters: { cluster: [{ id: clusters.east }] },
    })
  const usesOf = async (name: string) => {
    const found = (await engine.list(`/clusters/${clusters.east}/networks`)).find((each) => each.name === name)
    return [...(found.usages?.usage ?? []), ...(found.required === 'true' ? ['required'] : [])].sort()
  }
  const choose = async (name: string, ...uses: string[]) => {
    await page.getByRole('link', { name: 'Networks', exact: true }).first().click()
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('tab', { name: 'Clusters' }).click()
    await page.getByRole('row', { name: /east/ }).getByRole('button').click()
    await page.getByRole('menuitem', { name: 'Edit use' }).click()
    for (const use of uses) await box(page, use).check()
  }
  await choose('old', 'Migration', 'Display')
  assert.deepEqual(await violations(page), [])
  await button(page, 'Save').click()
  await closed(page)
  await page.getByRole('row', { name: /east/ }).getByText('Virtual machines, Display, Migration').waitFor()
  await choose('new', 'Migration', 'Management')
  assert.deepEqual([await box(page, 'Required').isChecked(), await box(page, 'Required').isDisabled()], [true, true])
  await button(page, 'Save').click()
  await closed(page)
  assert.deepEqual(await usesOf('old'), ['display', 'vm'])
  assert.deepEqual(await usesOf('new'), ['management', 'migration', 'required', 'vm'])

  await page.getByRole('row', { name: /west/ }).getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Edit use' }).hover()
  await page.getByText('It is not attached to this cluster.').waitFor()
})

test('of the providers, the default of the clusters is offered first', { skip }, async (t) => {
  const { engine, page, clusters } = await startScene(t, '/networks')
  const addProvider = (name: string) =>
    engine.ask('POST', '/openstacknetworkproviders', {
      ...{ name, type: 'external', url: 'http://127.0.0.1:1', read_only: 'false' },
    })
  await addProvider('any')
  const { id } = await addProvider('usual')
  await engine.ask('PUT', `/clusters/${clusters.west}`, {
    external_network_providers: { external_provider: [{ id }] },
  })
  await page.reload()
  await button(page, 'New network').first().click()
  await box(page, 'Create on external provider').check()
  const chosen = page.getByRole('combobox', { name: 'External provider' })
  assert.equal(await chosen.inputValue(), id)
  assert.equal(await page.getByRole('textbox', { name: 'Label' }).count(), 0, 'external networks have none')
})

test('what is typed before the data centers are known stays', { skip }, async (t) => {
  const { engine, page } = await startScene(t, '/networks')
  const { promise: known, resolve: tell } = Promise.withResolvers<void>()
  await page.route('**/ovirt-engine/api/datacenters', async (route) => {
    await known
    await route.continue()
  })
  await page.goto(`${engine.portal}/networks?dialog=new`)
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('early')
  tell()
  await page
    .getByRole('combobox', { name: 'Data center' })
    .getByRole('option', { name: 'dc' })
    .waitFor({ state: 'attached' })
  assert.equal(await name.inputValue(), 'early')
  await button(page, 'Add').click()
  await closed(page)
  assert.deepEqual(
    (await engine.list('/networks')).map((network) => network.name),
    ['early'],
  )
})
