// Bad requests whatever they are for: stale revisions, paths and methods that are none, no token.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../../testing/test-provider.ts'
import { check, type Refusal, startFilled } from './refusals.ts'

test('a request with a stale revision is refused', async (t) => {
  const { send, p1 } = await startFilled(t)
  const stale = { 'if-match': 'revision_number=99' }
  const { status, body } = await send('PUT', `/ports/${p1.id}`, { port: { name: 'x' } }, stale)
  assert.deepEqual([status, body.NeutronError.type], [412, 'RevisionNumberConstraintFailed'])
  assert.equal(body.NeutronError.message, 'Constrained to 99, but current revision is 1')
})

test('a path or a method that is none is refused', async (t) => {
  const provider = await startFilled(t)
  const { network } = provider
  const noPath = 'The resource could not be found.'
  const noMethod = (method: string, path: string, allowed: string): Refusal => [
    `${method} ${path.replace(network.id, '{id}')}`,
    [method, path, method === 'DELETE' || method === 'GET' ? undefined : { network: {} }],
    405,
    'HTTPMethodNotAllowed',
    new RegExp(`^The method ${method} is not allowed for /.*\\. Allowed: ${allowed}\\.$`),
  ]
  await check(t, provider, [
    ['GET /v2.0/nowhere', ['GET', '/nowhere'], 404, 'HTTPNotFound', noPath],
    ['GET /v2.0/networks/{id}/nowhere', ['GET', `/networks/${network.id}/nowhere`], 404, 'HTTPNotFound', noPath],
    ['GET /v3/networks', ['GET', '/../v3/networks'], 404, 'HTTPNotFound', noPath],
    ['POST //', ['POST', '/..//', {}], 405, 'HTTPMethodNotAllowed', /Allowed: GET\.$/],
    ['POST //[', ['POST', '/..//[', {}], 404, 'HTTPNotFound', noPath],
    // Neutron: HTTPNotFound, because it reads the path after decoding it.
    [
      'GET ../ encoded',
      ['GET', '/networks/..%2f..%2fetc'],
      404,
      'NetworkNotFound',
      /^Network .* could not be found\.$/,
    ],
    noMethod('PATCH', `/networks/${network.id}`, 'GET, PUT, DELETE'),
    noMethod('POST', `/networks/${network.id}`, 'GET, PUT, DELETE'),
    noMethod('POST', `/subnets/${network.id}`, 'GET, PUT, DELETE'),
    noMethod('PUT', '/networks', 'GET, POST'),
    noMethod('PATCH', '//networks/', 'GET, POST'),
    // Neutron: 404 NetworkNotFound, "Network None could not be found."
    noMethod('DELETE', '/networks', 'GET, POST'),
  ])
  const { headers } = await provider.send('PUT', '/networks', {})
  assert.equal(headers.get('allow'), 'GET, POST')
})

test('without a token, or with a wrong one, every request but the list of versions is 401', async (t) => {
  const { send, url } = await startTestProvider(t, { administrator: { name: 'admin', password: 'secret' } })
  for (const headers of [{}, { 'x-auth-token': 'wrong' }] as Record<string, string>[])
    for (const [method, path] of [
      ['GET', '/networks'],
      ['GET', '/nowhere'],
      ['GET', '/../nowhere'],
      ['GET', '/'],
      ['POST', '/networks'],
    ] as const) {
      const { status, body } = await send(method, path, method === 'POST' ? { network: {} } : undefined, headers)
      assert.deepEqual([status, Object.keys(body.error)], [401, ['code', 'title', 'message']], `${method} ${path}`)
      assert.equal(body.error.message, 'The request you have made requires authentication.')
    }
  assert.equal((await fetch(`${url}/`)).status, 200)
})
