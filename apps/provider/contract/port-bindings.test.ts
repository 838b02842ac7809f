// Port bindings: prepared at the destination of a migration, activated, deleted; and what the port itself says meanwhile.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider, testBackend } from '../testing/test-provider.ts'

const vifType = { embedded: 'bridge', ovn: 'ovs' }[testBackend]

async function start(t: TestContext, attributes: object = { 'binding:host_id': 'h1' }) {
  const { send } = await startTestProvider(t)
  const { network } = (await send('POST', '/networks', { network: {} })).body
  const made = await send('POST', '/ports', { port: { network_id: network.id, project_id: 'p1', ...attributes } })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const path = `/ports/${made.body.port.id}`
  const ask = async (expected: number, method: string, rest: string, body?: object) => {
    const { status, body: answer } = await send(method, path + rest, body)
    assert.equal(status, expected, `${method} ${rest}: ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    id: made.body.port.id as string,
    ask,
    prepare: async (host: string, more: object = {}) =>
      (await ask(201, 'POST', '/bindings', { binding: { host, ...more } })).binding,
    port: async () => (await ask(200, 'GET', '')).port,
    put: async (change: object) => (await ask(200, 'PUT', '', { port: change })).port,
    /** `h1 ACTIVE bridge` … */
    bindings: async () =>
      (await ask(200, 'GET', '/bindings')).bindings.map((each: any) => `${each.host} ${each.status} ${each.vif_type}`),
  }
}

const inactive = (host: string, vif_type: string = vifType) => ({
  host,
  vif_type,
  vif_details: {},
  vnic_type: 'normal',
  profile: {},
  status: 'INACTIVE',
  project_id: 'p1',
})

test('a migration: prepared at the destination, activated, and deleted where the VM was', async (t) => {
  const { ask, prepare, port, bindings } = await start(t, { 'binding:host_id': 'h1', 'binding:profile': { a: 1 } })
  const before = await port()
  assert.deepEqual(await bindings(), [`h1 ACTIVE ${vifType}`])
  assert.deepEqual(await prepare('h2', { profile: { b: 2 } }), { ...inactive('h2'), profile: { b: 2 } })
  assert.deepEqual(await bindings(), [`h1 ACTIVE ${vifType}`, `h2 INACTIVE ${vifType}`])
  assert.equal((await port())['binding:host_id'], 'h1')
  const activated = await ask(200, 'PUT', '/bindings/h2/activate')
  assert.deepEqual(activated, { ...inactive('h2'), profile: { b: 2 }, status: 'ACTIVE' })
  assert.deepEqual(await bindings(), [`h2 ACTIVE ${vifType}`, 'h1 INACTIVE unbound'])
  const moved = await port()
  assert.deepEqual(
    [moved['binding:host_id'], moved['binding:profile'], moved['binding:vif_type']],
    ['h2', { b: 2 }, vifType],
  )
  assert.deepEqual(
    [moved.fixed_ips, moved.mac_address, moved.revision_number],
    [before.fixed_ips, before.mac_address, before.revision_number + 2],
  )
  assert.deepEqual((await ask(200, 'GET', '/bindings/h1')).binding, { ...inactive('h1', 'unbound'), profile: { a: 1 } })
  await ask(204, 'DELETE', '/bindings/h1')
  assert.deepEqual(await bindings(), [`h2 ACTIVE ${vifType}`])
})

test('a migration that fails: what was prepared is deleted, and the port is as it was', async (t) => {
  const { ask, prepare, port } = await start(t)
  const { revision_number: _, updated_at: __, ...before } = await port()
  await prepare('h2')
  await ask(204, 'DELETE', '/bindings/h2')
  const { revision_number: ___, updated_at: ____, ...after } = await port()
  assert.deepEqual(after, before)
})

test('a binding that was left can be activated again', async (t) => {
  const { ask, prepare, bindings } = await start(t)
  await prepare('h2')
  await ask(200, 'PUT', '/bindings/h2/activate')
  await ask(200, 'PUT', '/bindings/h1/activate')
  assert.deepEqual(await bindings(), [`h1 ACTIVE ${vifType}`, 'h2 INACTIVE unbound'])
})

test('binding:host_id moves the active binding, onto what was prepared there', async (t) => {
  const { prepare, put, bindings } = await start(t)
  await prepare('h2')
  await prepare('h3')
  assert.equal((await put({ 'binding:host_id': 'h2' }))['binding:host_id'], 'h2')
  assert.deepEqual(await bindings(), [`h2 ACTIVE ${vifType}`, `h3 INACTIVE ${vifType}`])
  await put({ 'binding:host_id': '' })
  assert.deepEqual(await bindings(), [`h3 INACTIVE ${vifType}`])
})

test('a port that is bound nowhere can be prepared; deleting the active binding unbinds', async (t) => {
  const { ask, prepare, port, bindings } = await start(t, {})
  assert.deepEqual(await bindings(), [])
  await prepare('h1')
  assert.deepEqual([(await port())['binding:host_id'], await bindings()], ['', [`h1 INACTIVE ${vifType}`]])
  await ask(200, 'PUT', '/bindings/h1/activate')
  assert.deepEqual(await bindings(), [`h1 ACTIVE ${vifType}`])
  await ask(204, 'DELETE', '/bindings/h1')
  const { 'binding:host_id': host, 'binding:vif_type': type, inactive_bindings } = await port()
  assert.deepEqual([host, type, inactive_bindings], ['', 'unbound', []])
})

test('a binding is changed, whichever it is, and listed as asked', async (t) => {
  const { ask, prepare, port } = await start(t)
  await prepare('h2')
  for (const [host, profile] of [
    ['h1', { x: 1 }],
    ['h2', { x: 2 }],
  ] as const) {
    const { binding } = await ask(200, 'PUT', `/bindings/${host}`, { binding: { profile } })
    assert.deepEqual(binding.profile, profile)
  }
  assert.deepEqual((await port())['binding:profile'], { x: 1 })
  for (const [query, expected] of [
    ['?status=INACTIVE&fields=host&fields=profile', [{ host: 'h2', profile: { x: 2 } }]],
    ['?sort_key=host&sort_dir=desc&limit=1&fields=host', [{ host: 'h2' }]],
    ['?marker=h1&fields=host', [{ host: 'h2' }]],
    ['?host=h9', []],
  ] as const)
    assert.deepEqual((await ask(200, 'GET', `/bindings${query}`)).bindings, expected, query)
})

test('what cannot be is refused with Neutron’s errors, and changes nothing', async (t) => {
  const { id, ask, prepare, port } = await start(t)
  await prepare('h2')
  const before = await port()
  const missing = `Binding for port ${id} for host h9 could not be found.`
  const binding = (host: unknown, more: object = {}) => ({ binding: { host, ...more } })
  for (const [status, type, message, method, rest, body] of [
    [404, 'PortBindingNotFound', missing, 'GET', '/bindings/h9'],
    [404, 'PortBindingNotFound', missing, 'PUT', '/bindings/h9', { binding: {} }],
    [404, 'PortBindingNotFound', missing, 'DELETE', '/bindings/h9'],
    [404, 'PortBindingNotFound', missing, 'PUT', '/bindings/h9/activate'],
    [409, 'PortBindingAlreadyExists', /h1 already exists/, 'POST', '/bindings', binding('h1')],
    [409, 'PortBindingAlreadyExists', /h2 already exists/, 'POST', '/bindings', binding('h2')],
    [409, 'PortBindingAlreadyActive', /h1 is already active/, 'PUT', '/bindings/h1/activate'],
    [400, 'HTTPBadRequest', /Required attribute 'host'/, 'POST', '/bindings', { binding: {} }],
    [400, 'HTTPBadRequest', /for host\. Reason: it is empty/, 'POST', '/bindings', binding('')],
    [400, 'HTTPBadRequest', /for host\. Reason: .* comma/, 'POST', '/bindings', binding('a,b')],
    [400, 'HTTPBadRequest', /'5' is not a valid string/, 'POST', '/bindings', binding(5)],
    [400, 'HTTPBadRequest', /'status' not allowed in POST/, 'POST', '/bindings', binding('h3', { status: 'ACTIVE' })],
    [400, 'HTTPBadRequest', /is not a dictionary/, 'POST', '/bindings', binding('h3', { profile: 'x' })],
    [501, 'HTTPNotImplemented', /vnic_type 'direct'/, 'POST', '/bindings', binding('h3', { vnic_type: 'direct' })],
    [400, 'HTTPBadRequest', /read-only attribute host/, 'PUT', '/bindings/h2', binding('h3')],
    [400, 'HTTPBadRequest', /Unable to find 'binding'/, 'POST', '/bindings', {}],
    [400, 'HTTPBadRequest', /'bogus' is not a filter/, 'GET', '/bindings?bogus=1'],
    [400, 'HTTPBadRequest', /read-only attribute inactive_bindings/, 'PUT', '', { port: { inactive_bindings: [] } }],
    [400, 'HTTPBadRequest', /binding:host_id\. Reason: .* comma/, 'PUT', '', { port: { 'binding:host_id': 'a,b' } }],
  ] as const) {
    const { NeutronError } = await ask(status, method, rest, body)
    assert.equal(NeutronError.type, type)
    assert.ok(
      typeof message === 'string' ? NeutronError.message === message : message.test(NeutronError.message),
      NeutronError.message,
    )
  }
  assert.deepEqual(await port(), before)
})

test('a port that is not there has no bindings', async (t) => {
  const { send } = await startTestProvider(t)
  for (const [method, path, sent] of [
    ['GET', ''],
    ['POST', '', { binding: { host: 'h' } }],
    ['GET', '/h1'],
    ['PUT', '/h1', { binding: {} }],
    ['DELETE', '/h1'],
    ['PUT', '/h1/activate'],
  ] as const) {
    const { status, body } = await send(method, `/ports/x/bindings${path}`, sent)
    assert.deepEqual([status, body.NeutronError.type], [404, 'PortNotFound'], `${method} ${path}`)
  }
})

test('a port has no more than ten bindings besides the active one', async (t) => {
  const { ask, prepare } = await start(t)
  for (let host = 2; host <= 11; host++) await prepare(`h${host}`)
  const { NeutronError } = await ask(409, 'POST', '/bindings', { binding: { host: 'h12' } })
  assert.equal(NeutronError.type, 'PortBindingError')
})
