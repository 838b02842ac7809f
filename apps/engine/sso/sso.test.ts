// The SSO service: what a client of the real engine sends and reads, and when a token opens the API.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { configure } from '@patchbay/service/options.ts'
import { type EngineConfig, engineOptions, toConfig } from '../config.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { createSessions } from './sessions.ts'

const administrator = { name: 'admin@internal', password: 'p ä&=+%' }
const ssoClient = { name: 'ovirt-provider-ovn', password: 'between: us' }
const login = { grant_type: 'password', scope: 'ovirt-app-api', username: 'admin@internal', password: 'p ä&=+%' }

async function start(t: TestContext, config: Partial<EngineConfig> = {}) {
  const engine = await startTestEngine(t, { administrator, ssoClient, ...config })
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${engine.url}/ovirt-engine/${path}`, {
      method: 'POST',
      headers: { accept: 'application/json', ...headers },
      body: new URLSearchParams(form),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  }
  const getToken = async () => (await post('sso/oauth/token', login)).body.access_token as string
  const basic = { authorization: `Basic ${Buffer.from(`${ssoClient.name}:${ssoClient.password}`).toString('base64')}` }
  const inform = (token: string, headers: Record<string, string> = basic) =>
    post('sso/oauth/token-info', { token }, headers)
  const apiWith = async (token: string) =>
    (await engine.send('GET', '', undefined, { authorization: `Bearer ${token}` })).status
  return { ...engine, post, getToken, basic, inform, apiWith }
}

test('a name and a password become a token that opens the API', async (t) => {
  const { post, apiWith } = await start(t)
  const before = Date.now()
  const { status, headers, body } = await post('sso/oauth/token', login)
  assert.equal(status, 200)
  assert.match(headers.get('content-type')!, /^application\/json/)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.match(body.access_token, /^[\w-]{86}$/)
  assert.ok(Number(body.exp) >= before + 60_000 && typeof body.exp === 'string')
  assert.deepEqual([body.scope, body.token_type], ['ovirt-app-api', 'bearer'])
  assert.equal(await apiWith(body.access_token), 200)
  assert.equal(await apiWith(`${body.access_token}x`), 401)
})

test('after ten wrong passwords within a minute a user is refused from that address, also with the right one', async (t) => {
  const { post, send, getToken, apiWith } = await start(t)
  const token = await getToken()
  const basic = (password: string, name = administrator.name) =>
    send('GET', '', undefined, { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` })
  for (let at = 0; at < 5; at++) {
    assert.equal((await basic('wrong')).status, 401)
    assert.equal((await post('sso/oauth/token', { ...login, password: 'wrong' })).status, 400)
  }
  const refused = await basic(administrator.password)
  assert.deepEqual([refused.status, refused.body.detail.startsWith('[Too many failed attempts')], [429, true])
  assert.equal((await post('sso/oauth/token', login)).status, 429)
  assert.equal((await basic('wrong', 'other')).status, 401)
  assert.equal(await apiWith(token), 200, 'who is in stays in')
})

test('a wrong password or user is refused in the words of the scope', async (t) => {
  const { post } = await start(t)
  for (const wrong of [{ password: 'wrong' }, { username: 'admin' }, { username: 'admin@internal:p', password: '' }]) {
    const { status, body } = await post('sso/oauth/token', { ...login, ...wrong })
    assert.deepEqual([status, body.error_code], [400, 'access_denied'])
    assert.match(body.error, /^Cannot authenticate user '.*'/)
    const other = await post('sso/oauth/token', { ...login, ...wrong, scope: 'other' })
    assert.deepEqual([other.status, other.body.error], [400, 'access_denied'])
    assert.match(other.body.error_description, /^Cannot authenticate user '/)
  }
})

test('an incomplete or foreign request is refused, and no token is given', async (t) => {
  const { post, url } = await start(t)
  for (const name of ['grant_type', 'username', 'password'] as const) {
    const { [name]: _, ...form } = login
    const { status, body } = await post('sso/oauth/token', form)
    assert.deepEqual([status, body], [400, { error_code: 'invalid_request', error: `Missing parameter: '${name}'` }])
  }
  const code = await post('sso/oauth/token', { ...login, grant_type: 'authorization_code' })
  assert.deepEqual([code.status, code.body.error_code], [400, 'unsupported_grant_type'])
  const html = await post('sso/oauth/token', login, { accept: 'text/html' })
  assert.deepEqual([html.status, html.body.error], [400, 'invalid_request'])
  const query = await fetch(`${url}/ovirt-engine/sso/oauth/token?${new URLSearchParams(login)}`, {
    method: 'POST',
    headers: { accept: 'application/json' },
  })
  assert.equal(query.status, 400, 'a URL gets into logs')
  const json = await fetch(`${url}/ovirt-engine/sso/oauth/token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(login),
  })
  assert.equal(json.status, 415)
})

test('a registered service learns whose a token is, and nobody else does', async (t) => {
  const { inform, getToken, post, basic } = await start(t)
  const token = await getToken()
  const { status, body } = await inform(token)
  assert.equal(status, 200)
  assert.deepEqual([body.active, body.token_type, body.user_id], [true, 'bearer', 'admin@internal'])
  assert.deepEqual(body.ovirt[1].group_ids, ['java.util.ArrayList', []])
  assert.match(body.ovirt[1].principal_id, /^[0-9a-f]{32}$/)
  const inForm = { token, client_id: ssoClient.name, client_secret: ssoClient.password }
  assert.equal((await post('sso/oauth/token-info', inForm)).body.user_id, 'admin@internal')

  const wrong = { authorization: `Basic ${Buffer.from('ovirt-provider-ovn:wrong').toString('base64')}` }
  assert.deepEqual((await inform(token, wrong)).body.error, 'unauthorized_client')
  assert.deepEqual((await inform(token, {})).body.error, 'invalid_request')
  assert.deepEqual((await inform('unknown')).body.error, 'invalid_grant')
  assert.deepEqual((await post('sso/oauth/token-info', {}, basic)).body.error, 'invalid_request')
})

test('without a registered service nobody may ask', async (t) => {
  const { inform, getToken } = await start(t, { ssoClient: undefined })
  assert.deepEqual((await inform(await getToken())).body.error, 'unauthorized_client')
})

test('a logout ends the token, and may be repeated', async (t) => {
  const { post, inform, getToken, apiWith, basic, send } = await start(t)
  for (const [path, headers] of [
    ['services/sso-logout', {}],
    ['sso/oauth/revoke', basic],
  ] as const) {
    const [token, other] = [await getToken(), await getToken()]
    for (let time = 0; time < 2; time++) {
      const { status, body } = await post(path, { scope: 'ovirt-app-api', token }, headers)
      assert.deepEqual([status, body], [200, {}])
    }
    assert.deepEqual([await apiWith(token), await apiWith(other)], [401, 200])
    assert.equal((await inform(token)).body.error, 'invalid_grant')
  }
  const token = await getToken()
  assert.equal((await post('sso/oauth/revoke', { token })).body.error, 'invalid_request', 'only with a secret')
  assert.equal(await apiWith(token), 200)
  const { body } = await send('GET', '/events?search=code%3D31', undefined, { authorization: `Bearer ${token}` })
  assert.deepEqual(
    body.event.map(({ description }: { description: string }) => description),
    ["User admin@internal connected from '127.0.0.1' logged out."],
    'once, however often a program comes and goes',
  )
})

test('a token is in no file of the engine', async (t) => {
  const { getToken, apiWith, dataDir } = await start(t)
  const token = await getToken()
  await apiWith(token)
  for (const entry of readdirSync(dataDir, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) assert.ok(!readFileSync(join(entry.parentPath, entry.name)).includes(token), entry.name)
})

test('a session lives while it is used, and no longer', () => {
  let now = 1_000_000
  const sessions = createSessions(1000, () => now)
  const { token } = sessions.open('admin@internal', '')
  for (let time = 0; time < 5; time++) {
    now += 999
    assert.equal(sessions.use(token)?.expiresAt, now + 1000)
  }
  now += 1000
  assert.equal(sessions.use(token), undefined)
})

test('there are so many sessions and no more: the one unused for longest makes room', () => {
  const sessions = createSessions(1000, () => 0)
  const [first, second] = [sessions.open('a', ''), sessions.open('b', '')]
  sessions.use(first.token)
  for (let number = 0; number < 9_999; number++) sessions.open('c', '')
  assert.deepEqual([sessions.use(first.token)?.userId, sessions.use(second.token)], ['a', undefined])
})

test('the service that may ask is a name with a secret in a file', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-sso-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'secret')
  const configOf = () =>
    configure('engine', engineOptions, toConfig, ['--no-auth', '--sso-client-secret-file', file], {})
  writeFileSync(file, 'between: us\n')
  assert.deepEqual(configOf().ssoClient, ssoClient)
  writeFileSync(file, '\n')
  assert.throws(configOf, /--sso-client-secret-file: .* is empty/)
})
