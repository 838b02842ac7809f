// Logging in at the provider's Identity API, and what its tokens are worth.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'
import type { Principal } from './principal.ts'
import { createTokens, readOrMakeKey } from './tokens/tokens.ts'
import { openUserSource } from './user-source.ts'
import { openOwnUsers } from './users/own-users.ts'

const administrator = { name: 'admin@internal', password: 'se cret\u{1f511}' }
const unauthorized = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
}

async function startGuarded(t: TestContext, dataDir?: string) {
  const provider = await startTestProvider(t, { administrator, ...(dataDir && { dataDir }) })
  const post = async (body: unknown, path = '/tokens') => {
    const response = await fetch(`${provider.identityUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as any }
  }
  const logIn = (credentials: object = {}, auth: object = {}) =>
    post({
      auth: {
        passwordCredentials: { username: administrator.name, password: administrator.password, ...credentials },
        ...auth,
      },
    })
  const list = (token: string) => provider.send('GET', '/networks', undefined, { 'x-auth-token': token })
  return { ...provider, post, logIn, list }
}

/** A target as it is, without the normalising that fetch does. */
function statusOf(url: string, target: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ host: hostname, port, path: target, headers: { connection: 'close', ...headers } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!))
    })
      .on('error', reject)
      .end()
  })
}

test('a login answers a token that opens the Networking API, in the shape the engine reads', async (t) => {
  const provider = await startGuarded(t)
  const { status, body } = await provider.logIn()
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['access'])
  const { id, expires, issued_at } = body.access.token
  for (const date of [expires, issued_at]) assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.ok(Date.parse(expires) > Date.now() && Date.parse(issued_at) <= Date.now())
  assert.ok(Array.isArray(body.access.serviceCatalog))
  assert.match(id, /^[\x21-\x7e]{1,8000}$/, 'fits into a header')
  assert.equal((await provider.list(id)).status, 200)
  assert.equal((await provider.send('GET', '/networks', undefined, { 'x-openstack-request-id': id })).status, 200)
})

test('a token is not given away by the answers to its owner', async (t) => {
  const provider = await startGuarded(t)
  const token = (await provider.logIn()).body.access.token.id
  for (const header of ['x-auth-token', 'x-openstack-request-id']) {
    const { headers, body } = await provider.send('GET', '/networks', undefined, { [header]: token })
    assert.ok(!JSON.stringify([...headers, body]).includes(token))
  }
})

test('a tenant may be named by name or id, and must be the one of the user', async (t) => {
  const { logIn } = await startGuarded(t)
  const { tenant } = (await logIn()).body.access.token
  for (const auth of [{ tenantName: tenant.name }, { tenantId: tenant.id }, { tenantName: '' }, { tenantName: null }])
    assert.equal((await logIn({}, auth)).status, 200, JSON.stringify(auth))
  for (const auth of [{ tenantName: 'other' }, { tenantId: 'other' }, { tenantName: 'ADMIN' }])
    assert.deepEqual(await logIn({}, auth), { status: 401, body: unauthorized }, JSON.stringify(auth))
})

test('a wrong user and a wrong password get the same answer', async (t) => {
  const { logIn } = await startGuarded(t)
  for (const credentials of [
    { password: 'wrong' },
    { password: '' },
    { password: `${administrator.password}\n` },
    { password: administrator.password.toUpperCase() },
    { username: 'other' },
    { username: '' },
    { username: 'ADMIN@internal' },
    { username: 'other', password: 'wrong' },
    { password: 'x'.repeat(100_000) },
  ])
    assert.deepEqual(
      await logIn(credentials),
      { status: 401, body: unauthorized },
      JSON.stringify(credentials).slice(0, 80),
    )
})

test('a login without its fields is told what is expected', async (t) => {
  const { post } = await startGuarded(t)
  const passwordCredentials = { username: 'admin@internal', password: 'x' }
  const incomplete: unknown[] = [
    ...['', '{', 'null', '[]', '5', '"text"', {}, { auth: null }, { auth: {} }, { auth: [] }, { passwordCredentials }],
    { auth: { passwordCredentials: null } },
    { auth: { passwordCredentials: {} } },
    { auth: { passwordCredentials: { username: 'admin@internal' } } },
    { auth: { passwordCredentials: { password: 'x' } } },
    { auth: { passwordCredentials: { username: 5, password: 'x' } } },
    { auth: { passwordCredentials: { username: 'x', password: ['x'] } } },
    { auth: { passwordCredentials, tenantName: 5 } },
  ]
  for (const body of incomplete) {
    const { status, body: answer } = await post(body)
    assert.deepEqual([status, answer.error.code, answer.error.title], [400, 400, 'Bad Request'], JSON.stringify(body))
    assert.ok(answer.error.message.length > 10)
  }
})

test('a login that is too large, or at a path that is none, is refused in the shape of Keystone', async (t) => {
  const { post } = await startGuarded(t)
  const large = await post({ auth: 'x'.repeat(2_000_000) })
  assert.deepEqual([large.status, large.body.error.code], [413, 413])
  assert.deepEqual((await post({}, '/nowhere')).body.error.code, 404)
})

test('without a valid token there is 401, with the words of Keystone and where to log in', async (t) => {
  const { send, identityUrl } = await startGuarded(t)
  for (const headers of [
    {},
    { 'x-auth-token': 'wrong' },
    { 'x-auth-token': '' },
    { 'x-auth-token': '..' },
    { 'x-openstack-request-id': 'req-1' },
  ])
    for (const [method, path] of [
      ['GET', '/networks'],
      ['GET', '/'],
      ['GET', ''],
      ['GET', '?x=1'],
      ['GET', '/nowhere'],
      ['POST', '/networks'],
      ['DELETE', '/ports/abc'],
      ['PATCH', '/networks/abc'],
      ['PUT', '/ports/abc/wires/host'],
    ] as const) {
      const { status, body, headers: answered } = await send(method, path, undefined, headers as Record<string, string>)
      assert.deepEqual([status, body], [401, unauthorized], `${method} ${path}`)
      assert.match(answered.get('www-authenticate')!, /^Keystone uri=(["']).*\1$/)
      assert.ok(answered.get('www-authenticate')!.includes(identityUrl!), answered.get('www-authenticate')!)
    }
})

test('no way of writing a path goes round the token', async (t) => {
  const { url } = await startGuarded(t)
  for (const target of [
    '/%762.0/networks',
    '/v2%2E0/networks',
    '//v2.0/networks',
    '/v2.0//networks/',
    `${url}/v2.0/networks`,
    'http://any/v2.0/networks',
    'HTTP://any//v2.0/networks',
    '/./v2.0/networks',
    '/x/../v2.0/networks',
    '/v2.0/networks#',
    '/v2.0/networks?x',
    '/v2.0;x/networks',
    '/v3/networks',
    '/nowhere',
  ])
    assert.equal(await statusOf(url, target), 401, target)
})

test('the versions, the health and the metrics need no token', async (t) => {
  const { url } = await startGuarded(t)
  for (const path of ['/', '/healthz', '/readyz', '/metrics']) assert.equal((await fetch(url + path)).status, 200, path)
})

test('an altered token is worth nothing', async (t) => {
  const { logIn, list } = await startGuarded(t)
  const token = (await logIn()).body.access.token.id as string
  const [payload, signature] = token.split('.') as [string, string]
  const other = Buffer.from(JSON.stringify(['admin@internal', 'admin', Date.now() + 1e12])).toString('base64url')
  for (const altered of [
    `${token}x`,
    `${token}.x`,
    `${token}.`,
    `.${token}`,
    token.slice(0, -1),
    payload,
    `${payload}.`,
    `.${signature}`,
    `${other}.${signature}`,
    `${signature}.${payload}`,
    token.toUpperCase(),
  ])
    assert.equal((await list(altered)).status, 401, altered)
  for (let at = 0; at < token.length; at++) {
    const flipped = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    if (flipped !== token && at % 7 === 0) assert.equal((await list(flipped)).status, 401, `character ${at}`)
  }
  assert.equal((await list(token)).status, 200)
})

const lifetimeMs = 3_600_000
const ann: Principal = { user: { id: 'u', name: 'ann' }, project: { id: 'p', name: 'blue' }, roles: ['member'] }

function memoryTokens({ key = randomBytes(32), clock = Date.now } = {}) {
  const revoked = new Set<string>()
  const revocations = { has: (id: string) => revoked.has(id), add: (id: string) => void revoked.add(id) }
  return createTokens(key, { lifetimeMs, revocations, clock })
}

test('a token holds for its lifetime and no longer', () => {
  let now = Date.UTC(2026, 10, 22, 15)
  const tokens = memoryTokens({ clock: () => now })
  const { id, token } = tokens.issue(ann, ['password'])
  assert.deepEqual([token.issuedAt.getTime(), token.expiresAt.getTime()], [now, now + lifetimeMs])
  now += lifetimeMs - 1
  assert.deepEqual(tokens.verify(id), token)
  now += 1
  assert.equal(tokens.verify(id), undefined)
})

test('a revoked token is worth nothing, and others of the same user still hold', () => {
  const tokens = memoryTokens()
  const [first, second] = [tokens.issue(ann, ['password']), tokens.issue(ann, ['password'])]
  tokens.revoke(first.token)
  assert.equal(tokens.verify(first.id), undefined)
  assert.deepEqual(tokens.verify(second.id), second.token)
})

test('a token of another key, or any other text, is worth nothing and breaks nothing', () => {
  const tokens = memoryTokens()
  const foreign = memoryTokens().issue(ann, ['password']).id
  for (const text of [foreign, '', '.', '..', 'a.b', 'ž.ž', '\u0000', 'x'.repeat(100_000)])
    assert.equal(tokens.verify(text), undefined)
})

test('names of any kind come back from a token as they were', () => {
  const tokens = memoryTokens()
  for (const name of ['admin@internal', 'a.b|c', '"', 'ž💥', '']) {
    const principal: Principal = { ...ann, user: { id: 'u', name } }
    assert.deepEqual(tokens.verify(tokens.issue(principal, ['password']).id)?.user, principal.user)
  }
})

test('a token survives a restart, because its key is in the data folder, readable by the provider alone', async (t) => {
  const before = await startGuarded(t)
  const token = (await before.logIn()).body.access.token.id
  await before[Symbol.asyncDispose]()
  const after = await startGuarded(t, before.dataDir)
  assert.equal((await after.list(token)).status, 200)
  assert.equal(statSync(join(before.dataDir, 'token.key')).mode & 0o777, 0o600)
  assert.equal((await (await startGuarded(t)).list(token)).status, 401, 'another provider has another key')
})

test('a signing key that is too short to be one is refused, not used', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-identity-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'token.key')
  const key = readOrMakeKey(path)
  assert.equal(key.length, 32)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readOrMakeKey(path), key)
  // What a crash or a full disk leaves behind: everybody could sign with it.
  for (const left of ['', 'short']) {
    writeFileSync(path, left)
    assert.throws(() => readOrMakeKey(path), new RegExp(`${path}.*32 bytes`))
    assert.equal(readFileSync(path, 'utf8'), left)
  }
})

test('the administrator of the options is in project admin with role admin', async () => {
  const directory = await openOwnUsers('/no-such-file', administrator)
  const account = await directory.authenticate({ name: administrator.name }, administrator.password)
  assert.deepEqual(
    account?.assignments.map(({ project, roles }) => [project.name, roles]),
    [['admin', ['admin']]],
  )
  assert.equal(await directory.authenticate({ name: administrator.name }, 'wrong'), undefined)
  assert.equal(await directory.authenticate({ name: 'other' }, administrator.password), undefined)
})

test('the folder for its files is made when nobody else has made it', async (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'patchbay-identity-'))
  t.after(() => rmSync(parent, { recursive: true }))
  const dataDir = join(parent, 'provider')
  const usersFile = join(dataDir, 'users.json')
  const users = await openUserSource({ usersFile, administrator, tokenLifetimeMs: 1000 }, dataDir)
  t.after(() => users?.[Symbol.asyncDispose]())
  assert.equal(statSync(dataDir).mode & 0o777, 0o700)
})
