// Who may not do everything sees what is theirs, is offered what the engine would do, and is told why not of the rest.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { type Scene, setScene } from '../../apps/engine/testing/test-engine.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { until } from '../../lab/until.ts'
import { logIn, type PortalEngine, portalUnavailable, startBrowser, startPortalEngine, visit } from './portal-bed.ts'
import './quiet-network.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

const password = 'of a lesser user'

async function makeUser(engine: PortalEngine, name: string, grants: Readonly<Record<string, string>>): Promise<void> {
  const { id } = await engine.ask('POST', '/users', { user_name: name, password })
  for (const [role, path] of Object.entries(grants))
    await engine.ask('POST', `${path}/permissions`, { role: { name: role }, user: { id } })
}

/** What can be pressed in the page and in the menu of its first row. */
async function offered(page: Page): Promise<string[]> {
  const main = page.getByRole('main')
  await main.getByRole('heading', { level: 1 }).waitFor()
  await main.locator('.pf-v6-c-spinner').first().waitFor({ state: 'detached' })
  const names = await main
    .locator('.page-actions, .pf-v6-c-toolbar')
    .locator('button:not([aria-disabled=true]):not(.pf-v6-c-menu-toggle):not([aria-label])')
    .allTextContents()
  const menu = main.getByRole('button', { name: /^Actions for/ }).first()
  if ((await menu.count()) === 0) return names
  await menu.click()
  const items = page.getByRole('menuitem')
  await items.first().waitFor()
  const inRow = await items.evaluateAll((all: any[]) =>
    all.flatMap((item) => (item.ariaDisabled === 'true' ? [] : item.textContent)),
  )
  await page.keyboard.press('Escape')
  await items.first().waitFor({ state: 'detached' })
  return [...names, ...inRow]
}

interface Lesser {
  readonly page: Page
  /** What the engine refused, which nobody had pressed a button for. */
  readonly refused: readonly string[]
  /** That nothing else is offered at a place of the portal. */
  offers(place: string, wanted: readonly string[]): Promise<void>
}

test('five users with less than everything', { skip }, async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t)
  const { dataCenterId, clusterId, networkId, profileId, providerId }: Scene = await setScene(engine, provider)
  const elsewhere = await engine.ask('POST', '/datacenters', { name: 'elsewhere' })
  const other = await engine.ask('POST', '/networks', { name: 'other', data_center: { id: elsewhere.id } })
  const vm = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: clusterId } })
  await engine.ask('POST', '/vms', { name: 'foreign', cluster: { id: clusterId } })
  await engine.ask('PUT', `/vnicprofiles/${profileId}`, { public_use: 'false' })
  await engine.ask('POST', `/vms/${vm.id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  await makeUser(engine, 'networker', { NetworkAdmin: `/datacenters/${dataCenterId}` })
  await makeUser(engine, 'reader', { ReadOnlyAdmin: '' })
  await makeUser(engine, 'owner', { UserVmManager: `/vms/${vm.id}` })
  await makeUser(engine, 'connector', { VnicProfileUser: `/vnicprofiles/${profileId}` })
  await makeUser(engine, 'nobody', {})

  const enter = async (name: string): Promise<Lesser> => {
    const { page } = await visit(t, browser, engine)
    const refused: string[] = []
    await logIn(page, password, `${name}@internal`)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    page.on('response', (answer) => answer.status() === 403 && refused.push(answer.url()))
    const offers = async (place: string, wanted: readonly string[]) => {
      await page.goto(engine.portal + place)
      let seen: string[] = []
      // What a thing belongs to is known later than the thing.
      await until(async () => {
        seen = await offered(page)
        return isDeepStrictEqual(seen, wanted)
      }, 20_000)
      assert.deepEqual(seen, wanted, place)
    }
    return { page, refused, offers }
  }
  const places = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()

  await t.test('who reads everything is offered nothing, and told why', async () => {
    const { page, refused, offers } = await enter('reader')
    const ofNetwork = `/networks/${networkId}`
    const pages = ['/providers', `/providers/${providerId}`, '/networks', '/vms', '/hosts', '/clusters', '/users']
    const tabs = [`${ofNetwork}?tab=subnets`, `${ofNetwork}?tab=clusters`, `/vms/${vm.id}?tab=permissions`]
    for (const place of [...pages, ...tabs, `/profiles/${profileId}`]) await offers(place, [])
    await offers(`/vms/${vm.id}?tab=nics`, ['Why has it no network?'])
    await page.getByRole('button', { name: 'New vNIC' }).first().hover()
    await page.getByText('You have no role with the permit configure_vm_network here').waitFor()
    assert.deepEqual(refused, [])
  })

  await t.test('who administers the networks of a data center is offered those', async () => {
    const { page, refused, offers } = await enter('networker')
    await offers(`/networks/${networkId}`, ['Edit', 'Remove'])
    await page.getByRole('button', { name: 'Remove' }).click()
    const removing = page.getByRole('dialog')
    await removing.getByText('It stays while 1 virtual machine uses it: web').waitFor()
    await removing.getByRole('button', { name: 'Remove', disabled: true }).waitFor()
    await offers(`/networks/${networkId}?tab=subnets`, ['Edit', 'Remove', 'New subnet'])
    await offers(`/networks/${other.id}?tab=profiles`, [])
    await offers(`/profiles/${profileId}`, ['Edit', 'Remove'])
    await offers('/providers', [])
    await offers('/clusters', [])
    await offers('/networks', ['New network', 'Import'])
    await page.getByRole('button', { name: 'New network' }).click()
    assert.deepEqual(await page.getByRole('combobox', { name: 'Data center' }).locator('option').allTextContents(), [
      'dc',
    ])
    assert.deepEqual(refused, [])
  })

  await t.test('who has a VM sees it, and not what belongs to the system', async () => {
    const { page, refused, offers } = await enter('owner')
    await page.getByRole('heading', { name: 'Virtual machines', level: 1 }).waitFor()
    const own = [
      'Networks',
      'Virtual machines',
      'Hosts',
      'Clusters',
      'Data centers',
      'Events',
      'Jobs',
      'Users',
      'Roles',
    ]
    assert.deepEqual(await places(page), own)
    assert.deepEqual(await page.getByRole('link', { name: /web|foreign/ }).allTextContents(), ['web'])
    assert.deepEqual(await offered(page), ['Run', 'Remove'])
    const ofVm = ['Run', 'Remove']
    await offers(`/vms/${vm.id}`, ofVm)
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('1 vNIC goes with its port: nic1').waitFor()
    await offers(`/vms/${vm.id}?tab=nics`, [...ofVm, 'New vNIC', 'Unplug', 'Why has it no network?', 'Edit', 'Remove'])
    await offers(`/vms/${vm.id}?tab=permissions`, [...ofVm, 'Add permission', 'Remove permission'])
    await page.goto(`${engine.portal}/networks`)
    for (const place of own.filter((each) => each !== 'Virtual machines')) {
      await page.getByRole('link', { name: place, exact: true }).click()
      await page.getByRole('heading', { name: place, level: 1 }).waitFor()
    }
    await page.goto(`${engine.portal}/providers`)
    await page.getByRole('heading', { name: 'Only for administrators' }).waitFor()
    assert.deepEqual(refused, [])
  })

  await t.test('who may use a profile sees its network; who may do nothing, nothing', async () => {
    const connector = await enter('connector')
    await connector.offers('/networks', [])
    await connector.page.getByRole('link', { name: 'blue' }).click()
    await connector.page.getByRole('tab', { name: 'vNIC profiles' }).click()
    assert.deepEqual(await offered(connector.page), [])
    assert.equal(await connector.page.getByRole('tab', { name: 'Traffic' }).count(), 0)
    assert.deepEqual(connector.refused, [])

    const nobody = await enter('nobody')
    for (const place of ['/vms', '/networks', '/hosts', '/clusters', '/data-centers']) {
      await nobody.offers(place, [])
      await nobody.page.getByRole('heading', { name: 'Nothing that you may see' }).waitFor()
    }
    assert.deepEqual(nobody.refused, [])
  })
})
