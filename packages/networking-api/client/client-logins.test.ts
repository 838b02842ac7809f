// When a client logs in, and when it does so again.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { bodyOf, failureOf, json, serve } from '../testing/served.ts'
import { createNetworkingClient } from './client.ts'
import { createHttpClient } from './http-client.ts'
import { createTokenSource } from './identity-client.ts'

/** A provider and its Identity service in one: takes only the token that it gave last. */
async function guarded(t: TestContext, { takesNone = false, login = 200 } = {}) {
  const counts = { logins: 0, requests: 0, lastLogin: undefined as any }
  let valid = ''
  const url = await serve(t, async (request, response) => {
    if (request.url === '/id/v2.0/tokens') {
      counts.logins++
      counts.lastLogin = await bodyOf(request)
      valid = `token-${counts.logins}`
      const refusal = { error: { code: login, title: 'Unauthorized', message: 'Wrong password.' } }
      return void json(response, login, login === 200 ? { access: { token: { id: valid } } } : refusal)
    }
    counts.requests++
    if (takesNone || request.headers['x-auth-token'] !== valid)
      return void json(response, 401, { error: { message: 'No token.' } })
    json(response, 200, { networks: [] })
  })
  const http = createHttpClient({ timeoutMs: 5000 })
  t.after(() => http.close())
  const credentials = { authUrl: `${url}/id/v2.0/`, username: 'admin', password: 'secret' }
  const clientWith = (more: object = {}) =>
    createNetworkingClient(http, url, createTokenSource(http, { ...credentials, ...more }))
  const expire = () => {
    valid = 'expired'
  }
  const stopLogins = () => {
    login = 401
  }
  return {
    url,
    counts,
    client: clientWith(),
    clientWith,
    tokens: createTokenSource(http, credentials),
    expire,
    stopLogins,
  }
}

test('a client logs in when it first needs a token, and keeps it', async (t) => {
  const { client, counts } = await guarded(t)
  await client.networks.list()
  await client.networks.list()
  assert.deepEqual([counts.logins, counts.requests], [1, 2])
  assert.deepEqual(counts.lastLogin, { auth: { passwordCredentials: { username: 'admin', password: 'secret' } } })
})

test('a tenant is named only where there is one', async (t) => {
  const { clientWith, counts } = await guarded(t)
  await clientWith({ tenantName: 'oVirt' }).networks.list()
  assert.equal(counts.lastLogin.auth.tenantName, 'oVirt')
  await clientWith({ tenantName: '' }).networks.list()
  assert.ok(!('tenantName' in counts.lastLogin.auth))
})

test('a refused token is renewed and the request is made once more', async (t) => {
  const { client, counts, expire } = await guarded(t)
  await client.networks.list()
  expire()
  assert.deepEqual(await client.networks.list(), [])
  assert.deepEqual([counts.logins, counts.requests], [2, 3])
})

test('callers that come together share one login, at the first time and at a renewal', async (t) => {
  const { client, counts, expire } = await guarded(t)
  const together = () => Promise.all(Array.from({ length: 20 }, () => client.networks.list()))
  await together()
  assert.equal(counts.logins, 1)
  expire()
  await together()
  assert.equal(counts.logins, 2)
})

test('callers whose token is refused in the same moment share one login, and its failure', async (t) => {
  const { counts, tokens, stopLogins } = await guarded(t)
  const refused = await tokens.current()
  const renewed = await Promise.all(Array.from({ length: 20 }, () => tokens.renewed(refused)))
  assert.deepEqual([new Set(renewed).size, counts.logins], [1, 2])
  assert.equal(await tokens.renewed(refused), renewed[0], 'a late caller gets the token that is there')
  assert.equal(counts.logins, 2)
  stopLogins()
  const failed = await Promise.allSettled(Array.from({ length: 20 }, () => tokens.renewed(renewed[0]!)))
  assert.ok(failed.every(({ status }) => status === 'rejected'))
  assert.equal(counts.logins, 3)
})

test('a token that is refused twice ends the call: the text says what to check', async (t) => {
  const { client, counts, url } = await guarded(t, { takesNone: true })
  const error = await failureOf(client.networks.list(), 'unauthorized', `${url}/v2.0/networks`)
  assert.equal(error.status, 401)
  assert.match(error.message, /No token\..*Check user, password and tenant or project/)
  assert.deepEqual([counts.logins, counts.requests], [2, 2])
})

test('a refused login is not tried again within a call, names the Identity URL and keeps the password to itself', async (t) => {
  const { client, counts, url } = await guarded(t, { login: 401 })
  const error = await failureOf(client.networks.list(), 'unauthorized', `${url}/id/v2.0/tokens`)
  assert.match(error.message, /Wrong password\./)
  assert.doesNotMatch(error.message, /secret/)
  assert.deepEqual([counts.logins, counts.requests], [1, 0])
  await failureOf(client.networks.list(), 'unauthorized', url)
  assert.equal(counts.logins, 2, 'a later call tries anew')
})

test('a login answered without a token asks whether the URL is right', async (t) => {
  for (const body of [
    {},
    { access: {} },
    { access: { token: { id: '' } } },
    { access: { token: { id: 5 } } },
    [],
    undefined,
  ]) {
    const url = await serve(t, (_, response) => json(response, 200, body))
    const http = createHttpClient({ timeoutMs: 5000 })
    t.after(() => http.close())
    const tokens = createTokenSource(http, { authUrl: `${url}/v2.0`, username: 'admin', password: 'secret' })
    await failureOf(createNetworkingClient(http, url, tokens).test(), 'malformed', `${url}/v2.0/tokens`)
  }
})
