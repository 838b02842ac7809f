// The portal as such: log-in, deep links, what a session may and what others may not, and its size.
import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pino } from 'pino'
import type { Browser } from 'playwright-core'
import { startEngine } from '../../apps/engine/engine.ts'
import { configOf } from '../../apps/engine/testing/test-engine.ts'
import {
  administrator,
  logIn,
  portalDir,
  portalUnavailable,
  startBrowser,
  startPortalEngine,
  violations,
  visit,
  visitLoggedIn,
} from './portal-bed.ts'
import './quiet-network.ts'

const skip = portalUnavailable()
let browser: Browser
before(async () => {
  if (!skip) browser = await startBrowser()
})
after(() => browser?.close())

test('a deep link leads to the same place after log-in, and back works', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const { page, complaints } = await visit(t, browser, engine, '/networks?q=blue')
  assert.deepEqual(await violations(page), [])
  await logIn(page, 'wrong')
  await page.getByText('The user name or password is incorrect').waitFor()
  await logIn(page)
  await page.getByRole('heading', { name: 'Networks', level: 1 }).waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'Search' }).inputValue(), 'blue')
  await page.getByRole('link', { name: 'External providers' }).click()
  await page.getByRole('heading', { name: 'External providers', level: 1 }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Networks', level: 1 }).waitFor()
  assert.match(page.url(), /\/networks\?q=blue$/)
  assert.deepEqual(complaints, [])
})

test('the root leads to the portal, which every place below it is', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const root = await fetch(`${engine.url}/`, { redirect: 'manual' })
  assert.deepEqual([root.status, root.headers.get('location')], [302, '/ovirt-engine/webadmin/'])
  for (const path of ['/', '/networks', '/vms/some-id?tab=nics']) {
    const answer = await fetch(engine.portal + path)
    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-cache'], path)
    assert.match(await answer.text(), /<div id="portal">/)
    assert.match(
      answer.headers.get('content-security-policy')!,
      /default-src 'none'; script-src 'self'; style-src 'self'/,
    )
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  }
  assert.equal((await fetch(`${engine.portal}/assets/gone.js`)).status, 404)
  assert.equal((await fetch(`${engine.portal}/..%2f..%2fpackage.json`)).status, 200, 'the page, no file outside')
})

test('hashed files are kept for ever and come compressed', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const [, script] = /src="([^"]+\.js)"/.exec(await (await fetch(`${engine.portal}/`)).text())!
  const answer = await fetch(engine.url + script, { headers: { 'accept-encoding': 'br' } })
  // What is not read keeps its connection, and with it the engine.
  await answer.body?.cancel()
  assert.equal(answer.headers.get('content-encoding'), 'br')
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
})

test('the session is in a cookie that no script reads, and counts only with the header of the portal', {
  skip,
}, async (t) => {
  const engine = await startPortalEngine(t)
  const { page, context } = await visitLoggedIn(t, browser, engine)
  const [cookie, ...others] = await context.cookies()
  assert.deepEqual([cookie!.httpOnly, cookie!.sameSite, cookie!.path, others], [true, 'Strict', '/ovirt-engine', []])
  assert.equal(await page.evaluate('document.cookie'), '')
  assert.doesNotMatch(String(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')), /secret/)
  const headers = { cookie: `${cookie!.name}=${cookie!.value}`, accept: 'application/json' }
  const api = (more: object) => fetch(`${engine.url}/ovirt-engine/api/vms`, { headers: { ...headers, ...more } })
  assert.equal((await api({})).status, 401)
  assert.equal((await api({ 'x-patchbay-portal': '1' })).status, 200)
  const forged = await fetch(`${engine.portal}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: administrator.name, password: administrator.password }),
  })
  assert.deepEqual([forged.status, forged.headers.get('set-cookie')], [401, null])

  await page.getByRole('button', { name: administrator.name }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  assert.equal((await api({ 'x-patchbay-portal': '1' })).status, 401, 'the token has ended, too')
})

test('a session that ends in the middle of a dialog is renewed over it: nothing typed is lost', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const { page, context } = await visitLoggedIn(t, browser, engine, '/providers?dialog=add')
  const dialog = page.getByRole('dialog', { name: 'Add provider' })
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('sdn')
  await dialog.getByLabel('Description').fill('typed before')
  await context.clearCookies()
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  const renewal = page.getByRole('dialog', { name: 'Your session has ended' })
  await renewal.getByLabel('Password').fill(administrator.password)
  await renewal.getByRole('button', { name: 'Log in' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'sdn' }).waitFor()
  assert.deepEqual(
    (await engine.list('/openstacknetworkproviders')).map(({ name, description }) => [name, description]),
    [['sdn', 'typed before']],
  )
})

test('while the engine is away the page says so, and goes on by itself when it is back', { skip }, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-portal-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  const start = (port: number) =>
    startEngine(
      configOf(dataDir, { administrator, portalDir, listen: { host: '127.0.0.1', port } }),
      pino({ level: 'silent' }),
    )
  const first = await start(0)
  const { page } = await visitLoggedIn(
    t,
    browser,
    { portal: `${first.url}/ovirt-engine/webadmin` },
    '/data-centers?dialog=add',
  )
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('typed-before')
  await first[Symbol.asyncDispose]()
  await page.getByText('Not connected to the engine').waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('The engine does not answer.').waitFor()
  await using _second = await start(Number(new URL(first.url).port))
  // Its sessions ended with it.
  const renewal = page.getByRole('dialog', { name: 'Your session has ended' })
  await renewal.getByLabel('Password').fill(administrator.password)
  await renewal.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('Not connected to the engine').waitFor({ state: 'detached', timeout: 30_000 })
  assert.equal(await name.inputValue(), 'typed-before')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('gridcell', { name: 'typed-before', exact: true }).waitFor()
})

test('files of a page that do not come at first are asked for again', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const { page } = await visitLoggedIn(t, browser, engine, '/jobs')
  const failed: string[] = []
  await page.route('**/assets/roles-page-*.js', (route) => {
    if (failed.length >= 2) return route.fallback()
    failed.push(route.request().url())
    return route.abort('failed')
  })
  await page.evaluate('globalThis.isStillThere = true')
  await page.getByRole('link', { name: 'Roles' }).click()
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  assert.equal(failed.length, 2)
  assert.ok(await page.evaluate('globalThis.isStillThere'), 'the portal was not loaded anew')
})

test('without a build, a page says what to do', async (t) => {
  const engine = await startPortalEngine(t, { portalDir: '/nowhere' })
  const answer = await fetch(`${engine.portal}/networks`)
  assert.equal(answer.status, 503)
  assert.match(await answer.text(), /npm run build -w apps\/web/)
})

test('what the first list needs of scripts is below 300 kB, compressed', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  const { page } = await visitLoggedIn(t, browser, engine, '/networks')
  await page.getByText('No network yet').waitFor()
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
  const scripts = loaded.flatMap((url) => /\/assets\/[^/]+\.js$/.exec(url)?.[0] ?? [])
  const total = scripts.reduce((sum, script) => sum + statSync(`${portalDir}${script}.br`).size, 0)
  assert.ok(total > 50_000 && total < 300_000, `${total} octets`)
  assert.ok(
    scripts.length < globSync('assets/*.js', { cwd: portalDir }).length,
    'other pages come when they are opened',
  )
  assert.doesNotMatch(readFileSync(`${portalDir}/index.html`, 'utf8'), /<script(?![^>]*src=)|style="/)
})

test('somebody changes the own password: this session goes on, others end', { skip }, async (t) => {
  const engine = await startPortalEngine(t)
  await engine.ask('POST', '/users', { user_name: 'alice@internal-authz', password: 'wonderland' })
  const enter = async () => {
    const visited = await visit(t, browser, engine, '/networks')
    await logIn(visited.page, 'wonderland', 'alice@internal')
    await visited.page.getByRole('heading', { name: 'Networks', level: 1 }).waitFor()
    return visited
  }
  const [here, elsewhere] = [await enter(), await enter()]
  const { page } = here
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  await button('alice@internal').click()
  await page.getByRole('menuitem', { name: 'Change password' }).click()
  await page.getByLabel('Old password').fill('wonder')
  await page.getByLabel(/^New password(?!,)/).fill('through the looking-glass')
  await button('Save').click()
  await page.getByText('The two are not the same').waitFor()
  await page.getByLabel('New password, again').fill('through the looking-glass')
  assert.deepEqual(await violations(page), [])
  await button('Save').click()
  await page.getByText('The old password is wrong.').waitFor()
  assert.equal(await page.getByLabel('New password, again').inputValue(), 'through the looking-glass')
  await page.getByLabel('Old password').fill('wonderland')
  await button('Save').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('heading', { name: 'Networks', level: 1 }).waitFor()
  await elsewhere.page.reload()
  await logIn(elsewhere.page, 'through the looking-glass', 'alice@internal')
  await elsewhere.page.getByRole('heading', { name: 'Networks', level: 1 }).waitFor()
})
