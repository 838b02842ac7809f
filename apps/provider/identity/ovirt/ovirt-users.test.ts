// The provider with the users of an oVirt engine: our own engine where it has what is needed, else one that tests play.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestEngine } from '../../../engine/testing/test-engine.ts'
import { startTestProvider } from '../../testing/test-provider.ts'
import { answer, inGroups, startFakeSso } from '../testing/fake-sso.ts'
import type { OvirtOptions } from './ovirt-options.ts'
import type { OvirtRule } from './ovirt-rules.ts'

const administrator = { name: 'admin@internal', password: 'secret' }
const ssoClient = { name: 'ovirt-provider-ovn', password: 'between us' }
const admin: OvirtRule = { user: /^admin@internal$/u, project: 'admin', roles: ['admin'] }
const rules: OvirtRule[] = [admin, { user: /@internal$/u, project: 'blue', roles: ['member'] }]

async function startWith(t: TestContext, ovirt: OvirtOptions) {
  const provider = await startTestProvider(t, { identity: { ovirt } })
  const post = async (path: string, body: object) => {
    const response = await fetch(new URL(path, provider.identityUrl), { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  }
  const logIn = (more: object = {}, { name: username, password } = administrator) =>
    post('/v2.0/tokens', { auth: { passwordCredentials: { username, password }, ...more } })
  const as = (token: string) => (method: string, path: string, body?: object) =>
    provider.send(method, path, body, { 'x-auth-token': token })
  const list = async (token: string) => (await as(token)('GET', '/networks')).status
  return { ...provider, post, logIn, as, list }
}

async function startWithEngine(t: TestContext, more: Partial<OvirtOptions> = {}) {
  const engine = await startTestEngine(t, { administrator, ssoClient })
  const url = `${engine.url}/ovirt-engine`
  const sso = { url, client: ssoClient.name, secret: ssoClient.password, ca: undefined, rules, cacheMs: 0, ...more }
  return { engine, ...(await startWith(t, sso)) }
}

test("the engine's name and password give the engine's own token, and that opens both", async (t) => {
  const { engine, logIn, as } = await startWithEngine(t)
  const { status, body } = await logIn()
  assert.equal(status, 200)
  const { token, user } = body.access
  assert.deepEqual([user.name, token.tenant.name], ['admin@internal', 'admin'])
  assert.match(token.expires, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.equal((await as(token.id)('POST', '/networks', { network: { name: 'n' } })).status, 201)
  const inEngine = await engine.send('GET', '/vms', undefined, { authorization: `Bearer ${token.id}` })
  assert.equal(inEngine.status, 200)
})

test("a token that the engine gave elsewhere is good for the user's first project", async (t) => {
  const { engine, as } = await startWithEngine(t)
  const login = await fetch(`${engine.url}/ovirt-engine/sso/oauth/token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'password', username: administrator.name, password: 'secret' }),
  })
  const { access_token } = (await login.json()) as { access_token: string }
  const { status, body } = await as(access_token)('POST', '/networks', { network: { name: 'n', shared: true } })
  assert.deepEqual([status, body.network.shared], [201, true])
})

test('a login may name the project, by v2.0 and v3, and the token keeps to it', async (t) => {
  const { logIn, post, as } = await startWithEngine(t)
  const v2 = await logIn({ tenantName: 'blue' })
  const network = { network: { name: 'n', shared: true } }
  assert.equal(v2.body.access.token.tenant.name, 'blue')
  assert.equal((await as(v2.body.access.token.id)('POST', '/networks', network)).status, 403, 'a member there')

  const user = { name: administrator.name, password: 'secret', domain: { name: 'Default' } }
  const scope = (name: string) => ({ project: { name, domain: { name: 'Default' } } })
  const identity = { methods: ['password'], password: { user } }
  const v3 = await post('/v3/auth/tokens', { auth: { identity, scope: scope('blue') } })
  assert.deepEqual([v3.status, v3.body.token.project.name], [201, 'blue'])
  assert.ok(v3.body.token.catalog.some(({ type }: { type: string }) => type === 'network'))
  const id = v3.headers.get('x-subject-token')!
  assert.equal((await as(id)('POST', '/networks', network)).status, 403)

  const again = { methods: ['token'], token: { id } }
  const rescoped = await post('/v3/auth/tokens', { auth: { identity: again, scope: scope('admin') } })
  assert.equal((await as(rescoped.headers.get('x-subject-token')!)('POST', '/networks', network)).status, 201)

  assert.equal((await logIn({ tenantName: 'nowhere' })).status, 401)
  const [token] = id.split(':')
  assert.equal((await as(`${token}:nowhere`)('GET', '/networks')).status, 403, 'a project that no rule gives')
})

test('a wrong password is refused, and guessing gets slow', async (t) => {
  const { logIn } = await startWithEngine(t)
  const wrong = { ...administrator, password: 'wrong' }
  for (let time = 0; time < 5; time++) assert.equal((await logIn({}, wrong)).status, 401)
  const { status, headers } = await logIn({}, wrong)
  assert.equal(status, 429)
  assert.ok(Number(headers.get('retry-after')) > 0)
})

test('a logout at the engine ends the token here', async (t) => {
  const { engine, logIn, list } = await startWithEngine(t)
  const { id } = (await logIn()).body.access.token
  assert.equal(await list(id), 200)
  await fetch(`${engine.url}/ovirt-engine/services/sso-logout`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ token: id }),
  })
  assert.equal(await list(id), 401)
  for (const bad of ['unknown', `${id}x`, ':', 'x:y']) assert.equal(await list(bad), 401)
})

test('while the engine is away nobody new gets in, and everybody is told why', async (t) => {
  const { engine, url, logIn, as } = await startWithEngine(t)
  const { id } = (await logIn()).body.access.token
  await engine[Symbol.asyncDispose]()
  const { status, body } = await as(id)('GET', '/networks')
  assert.deepEqual([status, body.NeutronError.type], [503, 'ServiceUnavailable'])
  assert.match(body.NeutronError.message, /the oVirt engine at http:\S+\/ovirt-engine cannot be reached/)
  const login = await logIn()
  assert.deepEqual([login.status, login.body.error.code], [503, 503])
  assert.match(login.body.error.message, /cannot be reached/)
  const ready = await fetch(`${url}/readyz`)
  assert.equal(ready.status, 503)
  assert.match(((await ready.json()) as any).missing, /cannot be reached/)
})

test('a wrong secret is told as such', async (t) => {
  const { logIn, url } = await startWithEngine(t, { secret: 'wrong' })
  const { status, body } = await logIn()
  assert.equal(status, 503)
  assert.match(body.error.message, /Check --ovirt-client and its secret/)
  assert.ok(!JSON.stringify(body).includes('wrong'))
  assert.equal((await fetch(`${url}/readyz`)).status, 503)
})

test('a token is asked about once, with our name and secret, until its time is over', async (t) => {
  const sso = await startFakeSso(t, { rules })
  sso.tokens.set('anns', {})
  const { list } = await startWith(t, sso.options)
  assert.deepEqual(await Promise.all([list('anns'), list('anns'), list('no')]), [200, 200, 401])
  assert.deepEqual([await list('anns'), await list('no')], [200, 401])
  assert.deepEqual(sso.asked.map(({ path, form }) => `${path} ${form}`).sort(), [
    '/ovirt-engine/sso/oauth/token-info token=anns',
    '/ovirt-engine/sso/oauth/token-info token=no',
  ])
  const expected = `Basic ${Buffer.from('ovirt-provider-ovn:between us').toString('base64')}`
  assert.ok(sso.asked.every(({ authorization }) => authorization === expected))
})

test('groups give roles, in the form that the real engine writes them; without a rule a token may do nothing', async (t) => {
  const operators: OvirtRule = { group: 'Operators', project: 'blue', roles: ['reader'] }
  const sso = await startFakeSso(t, { rules: [operators] })
  sso.tokens.set('in', inGroups('Others', 'Operators')).set('out', inGroups('Others')).set('none', {})
  sso.tokens.set('plain', { ovirt: { group_ids: [{ 'AAA_AUTHZ_GROUP_NAME;java.lang.String;x': 'Operators' }] } })
  const { list, as } = await startWith(t, sso.options)
  assert.deepEqual([await list('in'), await list('plain'), await list('out'), await list('none')], [200, 200, 403, 403])
  assert.equal((await as('in')('POST', '/networks', { network: {} })).status, 403, 'a reader')
})

test('a token that has ended, or says nothing of its user, is not let in', async (t) => {
  const sso = await startFakeSso(t, { rules })
  sso.tokens.set('ended', { active: false }).set('nobody', { user_id: '' }).set('past', { exp: '1490609013000' })
  sso.tokens.set('future', { exp: String(Date.now() + 3_600_000) }).set('forever', { exp: '9223372036854775807' })
  sso.tokens.set('silent', { exp: undefined })
  const { list } = await startWith(t, sso.options)
  assert.deepEqual([await list('ended'), await list('past'), await list('nobody')], [401, 401, 503])
  assert.deepEqual([await list('future'), await list('forever'), await list('silent')], [200, 200, 200])
})

for (const [what, ill, says] of [
  ['is ill', (response) => answer(response, {}, 500), /answered 500/],
  ['has no SSO there', (response) => answer(response, {}, 404), /answered 404\. Is --ovirt-url right/],
  ['answers in HTML', (response) => void response.end('<html>'), /did not answer as an engine's SSO does/],
  ['answers a list', (response) => answer(response, []), /did not answer as an engine's SSO does/],
  ['cuts the connection', (response) => void response.destroy(), /cannot be reached/],
  ['refuses us', (response) => answer(response, { error: 'unauthorized_client' }, 400), /client and its|no logins by/],
] as const satisfies [string, NonNullable<Awaited<ReturnType<typeof startFakeSso>>['ill']>, RegExp][])
  test(`an engine that ${what} is told as 503, for tokens and for logins`, async (t) => {
    const sso = await startFakeSso(t, { rules })
    sso.ill = ill
    const { as, logIn } = await startWith(t, sso.options)
    const { status, body } = await as('anns')('GET', '/networks')
    assert.equal(status, 503)
    assert.match(body.NeutronError.message, says)
    const login = await logIn()
    assert.equal(login.status, 503)
    assert.match(login.body.error.message, says)
    assert.ok(!JSON.stringify([body, login.body]).match(/secret"|between us|anns/))
  })
