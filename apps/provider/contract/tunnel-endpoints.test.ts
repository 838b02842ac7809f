// Hosts tell where they are, and find the others.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider, testBackend } from '../testing/test-provider.ts'

test('what a host said last is what the others find, until it is removed', {
  skip: testBackend === 'ovn' ? 'OVN knows by itself where its hosts are' : false,
}, async (t) => {
  const { send } = await startTestProvider(t)
  const put = (host: string, ip_address: unknown) =>
    send('PUT', `/tunnel-endpoints/${host}`, { tunnel_endpoint: { ip_address } })
  const found = async () => (await send('GET', '/tunnel-endpoints')).body.tunnel_endpoints
  assert.deepEqual(await found(), [])
  await put('b', '192.0.2.2')
  await put('a', '192.0.2.9')
  const answer = await put('a', '192.0.2.1')
  assert.deepEqual([answer.status, answer.body.tunnel_endpoint], [200, { host: 'a', ip_address: '192.0.2.1' }])
  const both = [
    { host: 'a', ip_address: '192.0.2.1' },
    { host: 'b', ip_address: '192.0.2.2' },
  ]
  assert.deepEqual(await found(), both)
  for (const [host, body] of [
    ['a', { tunnel_endpoint: { ip_address: 'nowhere' } }],
    ['a', { tunnel_endpoint: {} }],
    ['a', {}],
    ['a%2Cb', { tunnel_endpoint: { ip_address: '192.0.2.3' } }],
    ['a', { tunnel_endpoint: { ip_address: '192.0.2.3', host: 'c' } }],
  ] as const)
    assert.equal((await send('PUT', `/tunnel-endpoints/${host}`, body)).status, 400, JSON.stringify(body))
  assert.deepEqual(await found(), both)
  for (const _twice of [1, 2]) assert.equal((await send('DELETE', '/tunnel-endpoints/b')).status, 204)
  assert.deepEqual(await found(), both.slice(0, 1))
})
