// Logging in by Identity v3: what is sent, as oVirt sends it, and that our own provider takes it as well as v2.0.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../../apps/provider/testing/test-provider.ts'
import { createNetworkingClient } from './client.ts'
import { createHttpClient } from './http-client.ts'
import { type Credentials, createTokenSource } from './identity-client.ts'
import { ProviderError } from './provider-error.ts'

const ann = { username: 'ann', password: 'secret' }

/** An Identity service that takes everybody, and remembers the bodies of the logins at `/v3/auth/tokens`. */
async function startIdentity(t: TestContext, headers: Record<string, string> = { 'x-subject-token': 'the token' }) {
  const bodies: any[] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    if (request.url !== '/v3/auth/tokens') return void response.writeHead(404).end()
    bodies.push(body)
    response.writeHead(201, { 'content-type': 'application/json', ...headers }).end('{"token": {}}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const http = createHttpClient({ timeoutMs: 5_000 })
  t.after(() => http.close())
  const authUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`
  const logIn = (more: Partial<Credentials> = {}) => createTokenSource(http, { authUrl, ...ann, ...more }).current()
  return { authUrl, bodies, logIn }
}

test('a login for a project names user, project and their domains; the token is in a header', async (t) => {
  const { bodies, logIn } = await startIdentity(t)
  const place = { tenantName: 'blue', userDomainName: 'people', projectDomainName: 'projects' }
  assert.equal(await logIn(place), 'the token')
  const user = { domain: { name: 'people' }, name: 'ann', password: 'secret' }
  const scope = { project: { domain: { name: 'projects' }, name: 'blue' } }
  assert.deepEqual(bodies, [{ auth: { identity: { methods: ['password'], password: { user } }, scope } }])
})

test("the user's domain is Default, the project's that of the user, and without a project there is no scope", async (t) => {
  const { authUrl, bodies, logIn } = await startIdentity(t)
  await logIn({ authUrl: `${authUrl}/`, tenantName: 'blue' })
  await logIn({ tenantName: 'blue', userDomainName: 'people' })
  await logIn({ tenantName: '', userDomainName: '', projectDomainName: 'projects' })
  assert.deepEqual(
    bodies.map(({ auth }) => [auth.identity.password.user.domain.name, auth.scope?.project.domain.name]),
    [
      ['Default', 'Default'],
      ['people', 'people'],
      ['Default', undefined],
    ],
  )
})

test('an answer without the header is no login', async (t) => {
  const { logIn } = await startIdentity(t, {})
  await assert.rejects(logIn(), /answered without the header X-Subject-Token\. Is this the URL of an Identity v3 API/)
})

test('our own provider gives tokens by both versions', async (t) => {
  const { url, identityUrl } = await startTestProvider(t, { administrator: { name: 'ann', password: 'secret' } })
  const http = createHttpClient({ timeoutMs: 5_000 })
  t.after(() => http.close())
  const as = (authUrl: string, more: Partial<Credentials> = {}) =>
    createNetworkingClient(http, url, createTokenSource(http, { authUrl, ...ann, ...more }))
  const v3 = new URL('/v3', identityUrl).href
  for (const authUrl of [identityUrl!, `${identityUrl}/`, v3, `${v3}/`]) {
    await as(authUrl, { tenantName: 'admin' }).networks.create({ name: authUrl })
    for (const wrong of [{ password: 'wrong' }, { tenantName: 'nowhere' }])
      await assert.rejects(as(authUrl, wrong).test(), (error: ProviderError) => {
        assert.deepEqual([error.failure, error.status], ['unauthorized', 401])
        return !error.message.includes('wrong')
      })
  }
  await assert.rejects(as(v3, { tenantName: 'admin', userDomainName: 'nowhere' }).test(), ProviderError)
  assert.equal((await as(v3).networks.list()).length, 4, 'without a project: the one that the user has')
})
