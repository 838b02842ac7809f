// The document that describes the API says what the server does.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startTestProvider } from '../testing/test-provider.ts'
import { makerOf } from '../testing/test-routers.ts'

async function start(t: TestContext) {
  const provider = await startTestProvider(t)
  const { body } = await provider.send('GET', '/openapi.json')
  return { ...provider, document: body }
}

test('the document is there for anybody, also without a token', async (t) => {
  const { send } = await startTestProvider(t, { administrator: { name: 'admin', password: 'secret' } })
  const { status, body } = await send('GET', '/openapi.json')
  assert.deepEqual([status, body.openapi], [200, '3.1.0'])
})

test('every path has the methods that the document names, and no other', async (t) => {
  const { send, document } = await start(t)
  for (const [path, methods] of Object.entries<object>(document.paths)) {
    // A project could have this name: what the server allows here is for both.
    if (/quotas\/(project|tenant)$/.test(path)) continue
    const { headers } = await send('OPTIONS', path.replace('/v2.0', '').replaceAll(/\{\w+\}/g, 'x'))
    const named = Object.keys(methods).filter((key) => key !== 'parameters')
    assert.deepEqual(headers.get('allow')?.toLowerCase().split(', ').sort(), named.sort(), path)
  }
})

test('every resource of the API and every reference of the document is described', async (t) => {
  const { send, document } = await start(t)
  for (const { links } of (await send('GET', '/')).body.resources) assert.ok(document.paths[links[0].href])
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name!,
  )
  assert.deepEqual(
    [...new Set(references)].filter((name) => !(name in document.components.schemas)),
    [],
  )
})

test('what the server answers has the attributes that the document names', async (t) => {
  const { send, document } = await start(t)
  const make = async (singular: string, attributes: object) =>
    (await send('POST', `/${singular}s`, { [singular]: attributes })).body[singular]
  const network = await make('network', {})
  const subnet = await make('subnet', { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' })
  const port = await make('port', { network_id: network.id })
  const { network: outer } = await makerOf({ send }).place('203.0.113.0/24', { 'router:external': true })
  const [router, floatingip] = [await make('router', {}), await make('floatingip', { floating_network_id: outer.id })]
  for (const [name, row] of Object.entries({ network, subnet, port, router, floatingip }))
    assert.deepEqual(Object.keys(row).sort(), Object.keys(document.components.schemas[name].properties).sort(), name)
})

test('what a request must and may say is told apart', async (t) => {
  const { document } = await start(t)
  const { schemas } = document.components
  assert.deepEqual(schemas['subnet-create'].required, ['network_id', 'ip_version'])
  assert.deepEqual(schemas['network-create'].required, undefined)
  assert.ok('network_id' in schemas['port-create'].properties)
  assert.ok(!('network_id' in schemas['port-update'].properties))
  assert.ok(!('status' in schemas['port-create'].properties))
})

test('requests that the data plane cannot answer are not described, and not there', {
  skip: noOvsdbServer,
}, async (t) => {
  const server = await startOvsdbServer(t)
  const { send } = await startTestProvider(t, { ovn: { remotes: [server.remote], tls: undefined } })
  const { body } = await send('GET', '/openapi.json')
  assert.deepEqual(
    Object.keys(body.paths).filter((path) => path.includes('wires')),
    [],
  )
  const { status, body: answer } = await send('PUT', '/ports/x/wires/h')
  assert.deepEqual([status, answer.NeutronError.type], [404, 'HTTPNotFound'])
})
