// Data centers, clusters and hosts without any host that answers.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { until } from '../../../../lab/until.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { referenceTo, setScene, startTestEngine, type TestEngine } from '../../testing/test-engine.ts'

const dataCenter = (engine: TestEngine, name = 'dc') => engine.ask('POST', '/datacenters', { name })

test('a cluster belongs to a data center that is named by id or name', async (t) => {
  const engine = await startTestEngine(t)
  const { id } = await dataCenter(engine)
  const byName = await engine.send('POST', '/clusters', { name: 'a', data_center: { name: 'dc' } })
  assert.deepEqual(
    [byName.status, byName.body.data_center, byName.body.switch_type],
    [201, referenceTo('datacenters', id), 'legacy'],
  )
  assert.equal(byName.headers.get('location'), byName.body.href)
  const byId = await engine.ask('POST', '/clusters', { name: 'b', data_center: { id }, switch_type: 'ovs' })
  assert.equal(byId.switch_type, 'ovs')
  assert.equal((await engine.send('POST', '/clusters', { name: 'c', data_center: { name: 'other' } })).status, 404)
  assert.equal((await engine.send('POST', '/clusters', { name: 'c' })).body.reason, 'Incomplete parameters')
})

test('the clusters of a data center are found, made, changed and removed below it', async (t) => {
  const engine = await startTestEngine(t)
  const [{ id: dc }, { id: other }] = [await dataCenter(engine), await dataCenter(engine, 'other')]
  const below = (id: string) => `/datacenters/${id}/clusters`
  const { id } = await engine.ask('POST', below(dc), { name: 'a' })
  await engine.ask('POST', below(other), { name: 'b' })
  assert.deepEqual(
    (await engine.list(below(dc))).map(({ name, data_center }) => [name, data_center.id]),
    [['a', dc]],
  )
  assert.equal((await engine.ask('PUT', `${below(dc)}/${id}`, { comment: 'c' })).comment, 'c')
  for (const [method, path] of [
    ['GET', `${below(other)}/${id}`],
    ['PUT', `${below(other)}/${id}`],
    ['DELETE', `${below(other)}/${id}`],
    ['GET', below('x')],
  ] as const)
    assert.equal((await engine.send(method, path, method === 'PUT' ? {} : undefined)).status, 404, path)
  await engine.ask('DELETE', `${below(dc)}/${id}`)
  assert.deepEqual(
    (await engine.list('/clusters')).map(({ name }) => name),
    ['b'],
  )
})

test('names have their characters and their length, and are used once', async (t) => {
  const { send } = await startTestEngine(t)
  for (const name of ['a b', 'ä', 'a/b', 'a"', "a'", '<a>', 'x'.repeat(256), ' a', 'a\n']) {
    const { status, body } = await send('POST', '/datacenters', { name })
    assert.equal(status, 400, name)
    assert.match(body.detail, /^\[The name ".*" is invalid: it must be 1 to 255 of letters, digits/s)
  }
  assert.equal((await send('POST', '/datacenters', { name: 'x'.repeat(255) })).status, 201)
  assert.equal((await send('POST', '/datacenters', { name: 'a' })).status, 201)
  const again = await send('POST', '/datacenters', { name: 'a' })
  assert.equal(again.status, 409)
  assert.match(again.body.detail, /The name a is already used/)
})

test('of many who want a name at once, one gets it and the others are told', async (t) => {
  const engine = await startTestEngine(t)
  await dataCenter(engine)
  await engine.ask('POST', '/clusters', { name: 'c', data_center: { name: 'dc' } })
  for (const [path, body] of [
    ['/datacenters', { name: 'new' }],
    ['/clusters', { name: 'new', data_center: { name: 'dc' } }],
    ['/hosts', { name: 'new', address: '127.0.0.1', port: '1', cluster: { name: 'c' } }],
    ['/vms', { name: 'new', cluster: { name: 'c' } }],
    ['/openstacknetworkproviders', { name: 'new', type: 'external', url: 'http://127.0.0.1:1' }],
  ] as const) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => engine.send('POST', path, body)))
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [201, 409, 409, 409, 409, 409, 409, 409], path)
  }
})

test('what is used is not removed, and what uses it is named', async (t) => {
  const engine = await startTestEngine(t)
  const { id: dataCenterId } = await dataCenter(engine)
  const { id: clusterId } = await engine.ask('POST', '/clusters', { name: 'c', data_center: { id: dataCenterId } })
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  const refused = async (path: string, users: string) => {
    const { status, body } = await engine.send('DELETE', path)
    assert.equal(status, 409, path)
    assert.match(body.detail, new RegExp(`It is used by: ${users}`))
  }
  await refused(`/datacenters/${dataCenterId}`, 'cluster c')
  await refused(`/clusters/${clusterId}`, 'VM vm')
  for (const path of [`/vms/${vmId}`, `/clusters/${clusterId}`, `/datacenters/${dataCenterId}`]) {
    assert.deepEqual(await engine.ask('DELETE', path), { status: 'complete' })
    assert.equal((await engine.send('GET', path)).status, 404)
    assert.equal((await engine.send('DELETE', path)).status, 404)
  }
})

test('the networks of a data center go with it and stay on their provider', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { dataCenterId, clusterId, providerId, externalId } = await setScene(engine, provider)
  await engine.ask('POST', '/networks', { name: 'lan', data_center: { id: dataCenterId } })
  await engine.ask('DELETE', `/clusters/${clusterId}`)
  await engine.ask('DELETE', `/datacenters/${dataCenterId}`)
  for (const path of ['/networks', '/vnicprofiles']) assert.deepEqual(await engine.ask('GET', path), {}, path)
  const there = await engine.list(`/openstacknetworkproviders/${providerId}/networks`)
  assert.deepEqual(
    there.map(({ id }) => id),
    [externalId],
  )
})

test('a host needs an address, a port that exists and a cluster', async (t) => {
  const engine = await startTestEngine(t)
  await dataCenter(engine)
  await engine.ask('POST', '/clusters', { name: 'c', data_center: { name: 'dc' } })
  const add = (body: object) => engine.send('POST', '/hosts', { name: 'h', cluster: { name: 'c' }, ...body })
  assert.match((await add({})).body.detail, /Host \[address\] required/)
  assert.match((await add({ address: '' })).body.detail, /Host \[address\] required/)
  for (const port of ['0', '65536', '-1'])
    assert.match((await add({ address: '127.0.0.1', port })).body.detail, /is not a TCP port/)
  assert.equal((await add({ address: '127.0.0.1', cluster: { name: 'other' } })).status, 404)
  assert.equal((await add({ address: '127.0.0.1', port: '1' })).body.port, '1')
})

test('a host that cannot be reached says why, and can be removed', async (t) => {
  const engine = await startTestEngine(t)
  await dataCenter(engine)
  await engine.ask('POST', '/clusters', { name: 'c', data_center: { name: 'dc' } })
  const { id } = await engine.ask('POST', '/hosts', {
    name: 'h',
    address: '127.0.0.1',
    port: '1',
    cluster: { name: 'c' },
  })
  const isKnown = await until(async () => (await engine.ask('GET', `/hosts/${id}`)).status === 'non_responsive', 5_000)
  assert.ok(isKnown)
  assert.match((await engine.ask('GET', `/hosts/${id}`)).status_detail, /127\.0\.0\.1.*1.*refused/)
  const [event] = await engine.list('/events?search=code%3D12')
  assert.match(event.description, /^Host h is non responsive: /)

  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { name: 'c' } })
  const start = await engine.send('POST', `/vms/${vmId}/start`)
  assert.equal(start.status, 409)
  assert.match(start.body.fault.detail, /There is no host that can run the VM: h is non responsive \(.*refused/)
  assert.equal((await engine.ask('GET', `/vms/${vmId}`)).status, 'down')

  await engine.ask('DELETE', `/hosts/${id}`)
  assert.deepEqual(await engine.list('/hosts'), [])
})

test('an engine stops and a host is removed while a connection is only half there', async (t) => {
  // Accepts, and says nothing until it is told to be a host after all.
  const sockets: import('node:net').Socket[] = []
  const slow = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => bytes.includes('DISCONNECT') && socket.end())
  })
  const beHost = (which: number) => sockets[which]!.write('CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0')
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    slow.close()
  })
  const { port } = slow.address() as { port: number }
  const engine = await startTestEngine(t)
  await dataCenter(engine)
  await engine.ask('POST', '/clusters', { name: 'c', data_center: { name: 'dc' } })
  const add = async (name: string, connections: number) => {
    const host = { name, address: '127.0.0.1', port: String(port), cluster: { name: 'c' } }
    const { id } = await engine.ask('POST', '/hosts', host)
    assert.ok(await until(() => sockets.length === connections, 2_000))
    return id
  }
  const id = await add('removed', 1)
  await add('kept', 2)

  const removed = engine.ask('DELETE', `/hosts/${id}`)
  assert.ok(await until(async () => (await engine.list('/hosts')).length === 1, 2_000), 'it is being removed')
  beHost(0)
  await removed

  const stopped = engine[Symbol.asyncDispose]()
  const isStopping = () =>
    fetch(engine.url).then(
      () => false,
      () => true,
    )
  assert.ok(await until(isStopping, 2_000), 'it is being stopped')
  beHost(1)
  await stopped
  assert.ok(await until(() => sockets.every(({ destroyed }) => destroyed), 2_000), 'it keeps no connection')
})
