// The machine's clock is set while the engine works: what lasts a while lasts as long as it should.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { until } from '../../lab/until.ts'
import { startTestProvider } from '../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from './testing/test-engine.ts'
import { startWithRunningVm } from './testing/test-running-vm.ts'

const dayMs = 86_400_000
const administrator = { name: 'admin@internal', password: 'right' }

/** Answers how to set the clock, off the right time. */
function clockOf(t: TestContext): (offsetMs: number) => void {
  const right = Date.now
  let offset = 0
  t.mock.method(Date, 'now', () => right() + offset)
  return (offsetMs) => {
    offset = offsetMs
  }
}

test('a session lives on, and a barred user waits a minute, whatever the clock says', async (t) => {
  const set = clockOf(t)
  const engine = await startTestEngine(t, { administrator })
  const body = new URLSearchParams({
    grant_type: 'password',
    scope: 'ovirt-app-api',
    username: 'admin@internal',
    password: 'right',
  })
  const answer = await fetch(`${engine.url}/ovirt-engine/sso/oauth/token`, { method: 'POST', body })
  const { access_token } = (await answer.json()) as { access_token: string }
  const withToken = async () =>
    (await engine.send('GET', '/vms', undefined, { authorization: `Bearer ${access_token}` })).status
  const withPassword = async (password: string) => {
    const authorization = `Basic ${Buffer.from(`admin@internal:${password}`).toString('base64')}`
    return (await engine.send('GET', '/vms', undefined, { authorization })).status
  }
  for (let failure = 0; failure < 10; failure++) await withPassword('wrong')
  for (const offset of [dayMs, -dayMs]) {
    set(offset)
    assert.deepEqual([await withToken(), await withPassword('right')], [200, 429])
  }
})

test('a provider that was away is asked again after its pause, not after the jump', async (t) => {
  const set = clockOf(t)
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-clock-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  const provider = await startTestProvider(t, { dataDir })
  const engine = await startTestEngine(t)
  const { providerId } = await setScene(engine, provider)
  const networks = `/openstacknetworkproviders/${providerId}/networks`
  await provider[Symbol.asyncDispose]()
  for (let failure = 0; failure < 3; failure++) assert.equal((await engine.send('GET', networks)).status, 400)
  set(-dayMs)
  await startTestProvider(t, { dataDir, listen: { host: '127.0.0.1', port: Number(new URL(provider.url).port) } })
  assert.ok(await until(async () => (await engine.send('GET', networks)).status === 200, 10_000, 50))
})

test('a vNIC is plugged and unplugged, a day later and a day before', async (t) => {
  const set = clockOf(t)
  const { engine, addNic, nics, ports } = await startWithRunningVm(t)
  for (const offset of [dayMs, -dayMs]) {
    set(offset)
    const { body: nic } = await addNic()
    assert.equal((await ports()).length, 1)
    await engine.ask('POST', `${nics}/${nic.id}/deactivate`)
    await engine.ask('DELETE', `${nics}/${nic.id}`)
    assert.equal((await ports()).length, 0)
  }
})
