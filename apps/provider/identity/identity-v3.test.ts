// The Identity API v3: logging in with a password or a token, validating, revoking, and what the OpenStack client asks.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { hashPassword } from '@patchbay/service/password-hash.ts'
import { startTestProvider } from '../testing/test-provider.ts'
import { readUsers, writeUsers } from './users/own-users.ts'

const administrator = { name: 'admin', password: 'secret' }
const domain = { name: 'Default' }

async function start(t: TestContext) {
  const provider = await startTestProvider(t, { administrator })
  const root = new URL(provider.identityUrl!).origin
  const ask = async (
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const response = await fetch(root + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : (JSON.parse(text) as any),
    }
  }
  const post = (identity: object, scope?: unknown) =>
    ask('POST', '/v3/auth/tokens', { body: { auth: { identity, ...(scope !== undefined && { scope }) } } })
  const logIn = (name = 'admin', password = 'secret', scope?: unknown) =>
    post({ methods: ['password'], password: { user: { name, domain, password } } }, scope)
  const addUser = async (name: string, projects: Record<string, ('admin' | 'member' | 'reader')[]>) => {
    const file = `${provider.dataDir}/users.json`
    writeUsers(file, [...readUsers(file), { name, passwordHash: await hashPassword(`${name}'s`), projects }])
  }
  return { ...provider, root, ask, post, logIn, addUser }
}

const tokenOf = ({ headers }: { headers: Headers }) => headers.get('x-subject-token')!

test('the versions are where clients look for them', async (t) => {
  const { ask, root } = await start(t)
  const { status, body } = await ask('GET', '/')
  assert.equal(status, 300)
  assert.deepEqual(
    body.versions.values.map(({ id }: any) => id),
    ['v3.14', 'v2.0'],
  )
  for (const [path, id] of [
    ['/v3', 'v3.14'],
    ['/v3/', 'v3.14'],
    ['/v2.0/', 'v2.0'],
  ]) {
    const { body: one } = await ask('GET', path!)
    assert.equal(one.version.id, id)
    assert.ok(one.version.links[0].href.startsWith(root), one.version.links[0].href)
  }
})

test('a password becomes a token with project, roles and a catalog that names the Networking API', async (t) => {
  const { logIn, url, send } = await start(t)
  const answer = await logIn('admin', 'secret', { project: { name: 'admin', domain } })
  assert.equal(answer.status, 201)
  const { token } = answer.body
  assert.deepEqual(
    [token.user.name, token.project.name, token.roles.map(({ name }: any) => name), token.methods],
    ['admin', 'admin', ['admin'], ['password']],
  )
  assert.equal(token.user.domain.name, 'Default')
  for (const date of [token.issued_at, token.expires_at]) assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  const network = token.catalog.find(({ type }: any) => type === 'network')
  assert.deepEqual(
    network.endpoints.map((each: any) => [each.interface, each.url]),
    [
      ['public', url],
      ['internal', url],
      ['admin', url],
    ],
  )
  assert.equal((await send('GET', '/networks', undefined, { 'x-auth-token': tokenOf(answer) })).status, 200)
})

test('user and project may be named by id, and without a scope the first project is taken', async (t) => {
  const { logIn, post } = await start(t)
  const { user, project } = (await logIn()).body.token
  const byId = await post(
    { methods: ['password'], password: { user: { id: user.id, password: 'secret' } } },
    { project: { id: project.id } },
  )
  assert.equal(byId.status, 201)
  assert.deepEqual(byId.body.token.project, project)
  for (const scope of ['unscoped', { unscoped: {} }, null])
    assert.equal((await logIn('admin', 'secret', scope)).status, 201)
})

test('a wrong password, user, domain or project, and a scope there is not, are all 401', async (t) => {
  const { logIn, post } = await start(t)
  const other = { name: 'Other' }
  const wrong = [
    logIn('admin', 'wrong'),
    logIn('nobody'),
    logIn('admin', 'secret', { project: { name: 'other', domain } }),
    logIn('admin', 'secret', { project: { name: 'admin', domain: other } }),
    logIn('admin', 'secret', { domain }),
    logIn('admin', 'secret', { system: { all: true } }),
    post({ methods: ['password'], password: { user: { name: 'admin', domain: other, password: 'secret' } } }),
    post({ methods: ['totp'], totp: {} }),
    post({ methods: ['token'], token: { id: 'x.y' } }),
  ]
  for (const answer of await Promise.all(wrong)) {
    assert.equal(answer.status, 401)
    assert.equal(answer.body.error.code, 401)
    assert.equal(answer.headers.get('x-subject-token'), null)
  }
})

test('a body that is no login is 400 and says what is missing', async (t) => {
  const { ask, post } = await start(t)
  for (const body of [undefined, null, [], {}, { auth: {} }, { auth: { identity: {} } }])
    assert.equal((await ask('POST', '/v3/auth/tokens', { body })).status, 400, JSON.stringify(body))
  for (const [identity, missing] of [
    [{ methods: [] }, /methods/],
    [{ methods: ['password'] }, /password/],
    [{ methods: ['password'], password: { user: { name: 'admin', domain } } }, /password/],
    [{ methods: ['password'], password: { user: { domain, password: 'x' } } }, /name/],
    [{ methods: ['token'] }, /token/],
  ] as const) {
    const answer = await post(identity)
    assert.equal(answer.status, 400)
    assert.match(answer.body.error.message, missing)
  }
})

test('a token becomes a token for another project that does not live longer', async (t) => {
  const { logIn, post, addUser } = await start(t)
  await addUser('ann', { blue: ['member'], red: ['reader'] })
  const first = await logIn('ann', "ann's", { project: { name: 'blue', domain } })
  const second = await post({ methods: ['token'], token: { id: tokenOf(first) } }, { project: { name: 'red', domain } })
  assert.equal(second.status, 201)
  assert.deepEqual(
    [second.body.token.project.name, second.body.token.roles[0].name, second.body.token.methods],
    ['red', 'reader', ['token', 'password']],
  )
  assert.equal(second.body.token.expires_at, first.body.token.expires_at)
})

test('a token can be validated and revoked; a revoked one opens nothing, also after a restart', async (t) => {
  const { logIn, ask, send, dataDir, ...provider } = await start(t)
  const [mine, other] = [tokenOf(await logIn()), tokenOf(await logIn())]
  const headers = { 'x-auth-token': mine, 'x-subject-token': other }
  const seen = await ask('GET', '/v3/auth/tokens', { headers })
  assert.deepEqual([seen.status, seen.body.token.user.name, tokenOf(seen)], [200, 'admin', other])
  assert.equal((await ask('HEAD', '/v3/auth/tokens', { headers })).status, 200)
  assert.equal((await ask('DELETE', '/v3/auth/tokens', { headers })).status, 204)
  assert.equal((await ask('GET', '/v3/auth/tokens', { headers })).status, 404)
  const opens = async (token: string, ask = send) =>
    (await ask('GET', '/networks', undefined, { 'x-auth-token': token })).status
  assert.deepEqual([await opens(mine), await opens(other)], [200, 401])
  await provider[Symbol.asyncDispose]()
  const after = await startTestProvider(t, { administrator, dataDir })
  assert.deepEqual([await opens(mine, after.send), await opens(other, after.send)], [200, 401])
})

test('nobody but its user and an administrator may look at a token', async (t) => {
  const { logIn, ask, addUser } = await start(t)
  await addUser('ann', { blue: ['member'] })
  const [admin, ann] = [tokenOf(await logIn()), tokenOf(await logIn('ann', "ann's"))]
  const look = (as: string, at: string) =>
    ask('GET', '/v3/auth/tokens', { headers: { 'x-auth-token': as, 'x-subject-token': at } })
  assert.deepEqual(
    [(await look(admin, ann)).status, (await look(ann, ann)).status, (await look(ann, admin)).status],
    [200, 200, 403],
  )
  assert.equal((await look('wrong', ann)).status, 401)
})

test('projects and users are listed: all to an administrator, the own ones to others', async (t) => {
  const { logIn, ask, addUser } = await start(t)
  await addUser('ann', { blue: ['member'] })
  const names = async (token: string, path: string) => {
    const { body } = await ask('GET', path, { headers: { 'x-auth-token': token } })
    return Object.values(body as Record<string, any>)
      .find(Array.isArray)!
      .map(({ name }: any) => name)
  }
  const [admin, ann] = [tokenOf(await logIn()), tokenOf(await logIn('ann', "ann's"))]
  assert.deepEqual(await names(admin, '/v3/projects'), ['admin', 'blue'])
  assert.deepEqual(await names(admin, '/v3/projects?name=blue'), ['blue'])
  assert.deepEqual(await names(ann, '/v3/projects'), ['blue'])
  assert.deepEqual(await names(admin, '/v3/users'), ['admin', 'ann'])
  assert.deepEqual(await names(ann, '/v3/auth/projects'), ['blue'])
  assert.deepEqual(await names(ann, '/v3/domains'), ['Default'])
  assert.deepEqual(await names(ann, '/v3/roles'), ['admin', 'member', 'reader'])
  assert.equal((await ask('GET', '/v3/projects')).status, 401)
  assert.equal((await ask('GET', '/v3/projects/nowhere', { headers: { 'x-auth-token': admin } })).status, 404)
})

test('a user who is added, changed or removed while the provider serves is known at the next login', async (t) => {
  const { logIn, post, addUser, dataDir } = await start(t)
  assert.equal((await logIn('ann', "ann's")).status, 401)
  await addUser('ann', { blue: ['member'] })
  const token = tokenOf(await logIn('ann', "ann's"))
  writeUsers(`${dataDir}/users.json`, [])
  assert.equal((await logIn('ann', "ann's")).status, 401)
  assert.equal((await post({ methods: ['token'], token: { id: token } })).status, 401)
})

test('after five wrong passwords the user waits, and others do not', async (t) => {
  const { logIn, addUser } = await start(t)
  await addUser('ann', { blue: ['member'] })
  for (let attempt = 0; attempt < 5; attempt++) assert.equal((await logIn('ann', 'wrong')).status, 401)
  const { status, headers } = await logIn('ann', "ann's")
  assert.equal(status, 429)
  assert.ok(Number(headers.get('retry-after')) >= 1)
  assert.equal((await logIn()).status, 201)
})
