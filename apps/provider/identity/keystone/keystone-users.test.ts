// The provider with an external Keystone in front of its Networking API: what clients see when it is well, ill or away.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../lab/until.ts'
import { startTestProvider } from '../../testing/test-provider.ts'
import { answering, errorBody, inBlue, startFakeKeystone } from '../testing/fake-keystone.ts'

async function start(t: TestContext) {
  const keystone = await startFakeKeystone(t)
  keystone.tokens.set('anns', inBlue)
  const provider = await startTestProvider(t, { identity: { keystone: keystone.options } })
  const list = (token?: string) => provider.send('GET', '/networks', undefined, token ? { 'x-auth-token': token } : {})
  const readiness = async () => {
    const response = await fetch(`${provider.url}/readyz`)
    return { status: response.status, body: (await response.json()) as { missing?: string } }
  }
  return { ...provider, keystone, list, readiness }
}

test('the token of a user opens the Networking API, in its project and with its roles', async (t) => {
  const { send, list } = await start(t)
  assert.equal((await list('anns')).status, 200)
  const headers = { 'x-auth-token': 'anns' }
  const { status, body } = await send('POST', '/networks', { network: { name: 'n' } }, headers)
  assert.deepEqual([status, body.network.project_id], [201, 'p1'])
  const shared = await send('POST', '/networks', { network: { name: 'm', shared: true } }, headers)
  assert.deepEqual([shared.status, shared.body.NeutronError.type], [403, 'PolicyNotAuthorized'])
})

test('without a good token a client is sent to Keystone', async (t) => {
  const { list, keystone, identityUrl } = await start(t)
  assert.equal(identityUrl, keystone.options.url)
  for (const token of [undefined, 'bad', 'bad']) {
    const { status, headers, body } = await list(token)
    assert.equal(status, 401)
    assert.equal(headers.get('www-authenticate'), `Keystone uri="${keystone.options.url}"`)
    assert.equal(body.error.code, 401)
  }
})

test('while Keystone is away nobody new gets in, and everybody is told why', async (t) => {
  const { list, keystone, readiness } = await start(t)
  assert(await until(async () => (await readiness()).status === 200, 10_000))
  await keystone.stop()
  const { status, body, headers } = await list('anns')
  assert.deepEqual([status, body.NeutronError.type], [503, 'ServiceUnavailable'])
  assert.match(body.NeutronError.message, /^Tokens cannot be checked: Keystone at http:\S+\/v3 cannot be reached/)
  assert.equal(headers.get('www-authenticate'), null)
  const ready = await readiness()
  assert.equal(ready.status, 503)
  assert.match(ready.body.missing!, /Keystone at .* cannot be reached/)
  assert.equal((await list()).status, 401, 'no token needs no Keystone')
  await keystone.restart()
  assert.equal((await list('anns')).status, 200)
  assert.equal((await readiness()).status, 200)
})

test('the provider starts while Keystone is away', async (t) => {
  const keystone = await startFakeKeystone(t)
  keystone.ill = answering(500, errorBody(500))
  const { url, send } = await startTestProvider(t, { identity: { keystone: keystone.options } })
  assert.equal((await send('GET', '/networks', undefined, { 'x-auth-token': 'anns' })).status, 503)
  assert.equal((await fetch(`${url}/readyz`)).status, 503)
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  assert.equal((await fetch(url)).status, 200, 'the versions are for anybody')
})

test('there is no Identity API of its own then', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as { port: number }
  const keystone = await startFakeKeystone(t)
  // It would fail here if it wanted to listen.
  const identityListen = { host: '127.0.0.1', port }
  const { url } = await startTestProvider(t, { identity: { keystone: keystone.options }, identityListen })
  assert.equal((await fetch(url)).status, 200)
})
