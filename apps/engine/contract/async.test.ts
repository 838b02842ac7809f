// `async=true`: the answer does not wait for the end. And what a PUT must not change.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { startTestHost } from '../testing/test-host.ts'

test('an action that does not wait is answered once it is certain to be done', async (t) => {
  const engine = await startTestEngine(t)
  const host = await startTestHost(t)
  const { id } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  await engine.ask('POST', '/clusters', { name: 'c', data_center: { id } })
  await engine.ask('POST', '/hosts', { name: 'h', address: '127.0.0.1', port: host.port, cluster: { name: 'c' } })
  assert.ok(await until(async () => (await engine.list('/hosts'))[0].status === 'up', 10_000))
  const vm = await engine.ask('POST', '/vms', { name: 'vm', cluster: { name: 'c' } })
  const { promise: mayStart, resolve: letStart } = Promise.withResolvers<void>()
  host.answer('VM.create', async () => {
    await mayStart
    throw new Error('no')
  })

  const started = await engine.send('POST', `/vms/${vm.id}/start?async=true`)
  assert.deepEqual([started.status, started.body.status], [202, 'in_progress'])
  const again = await engine.send('POST', `/vms/${vm.id}/start`, { async: 'true' })
  assert.equal(again.status, 409, 'what is refused at once is told at once')
  letStart()
  const failed = async () => (await engine.list('/events?search=type%3D54')).length > 1
  assert.ok(await until(failed, 10_000))

  // As SDKs say it, in the action itself.
  const told = await engine.send('POST', `/vms/${vm.id}/start`, { async: 'true' })
  assert.deepEqual([told.status, told.body.status], [202, 'in_progress'])
  assert.equal((await engine.send('POST', `/vms/${vm.id}/start`, { async: 'maybe' })).status, 400)
  assert.ok(await until(async () => (await engine.ask('GET', `/vms/${vm.id}`)).status === 'down', 10_000))

  host.answer('VM.create', undefined)
  const removed = await engine.send('DELETE', `/vms/${vm.id}?async=true`)
  assert.ok([200, 202].includes(removed.status), removed.text)
  assert.ok(await until(async () => (await engine.list('/vms')).length === 0, 10_000))
  assert.equal((await engine.send('DELETE', `/vms/${vm.id}?async=true`)).status, 404)
  assert.equal((await engine.send('DELETE', `/datacenters/${id}?async=maybe`)).status, 400)
})

test('the id of a resource cannot be changed', async (t) => {
  const { ask, send } = await startTestEngine(t)
  const { id, href } = await ask('POST', '/datacenters', { name: 'dc' })
  const path = href.slice('/ovirt-engine/api'.length)
  const { status, body } = await send('PUT', path, { id: 'other', name: 'new' })
  assert.deepEqual([status, body.reason], [409, 'Broken immutability constraint'])
  assert.equal((await ask('GET', path)).name, 'dc')
  assert.equal((await ask('PUT', path, { id, name: 'new' })).name, 'new')
})
