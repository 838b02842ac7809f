// The live stream, as a client of the engine's API sees it; and what becomes of readers that do not read.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../lab/until.ts'
import { createEventLog } from '../events/event-log.ts'
import { createJobLog } from '../jobs/job-log.ts'
import { openStore } from '../store/store.ts'
import { startTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { startWithRunningVm } from '../testing/test-running-vm.ts'
import { createLiveStream, type LiveStreamOptions } from './live-stream.ts'

test('what changes, happens and is worked on is told in the form of the API; nothing of what was refused', async (t) => {
  const engine = await startTestEngine(t)
  const stream = await follow(t, engine)
  const dataCenter = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const refused = await engine.send('POST', '/datacenters', { name: 'dc' })
  assert.equal(refused.status, 409)
  await engine.ask('PUT', `/datacenters/${dataCenter.id}`, { description: 'new' })
  await engine.ask('DELETE', `/datacenters/${dataCenter.id}`)
  const { id, href } = dataCenter
  const told = ['added', 'updated', 'removed'].map((change) => ({ resource: 'data_center', id, href, change }))
  await stream.has(({ data }) => data.change === 'removed')
  assert.deepEqual(
    stream.messages.filter(({ name }) => name === 'change').map(({ data }) => data),
    told,
  )

  const custom = { description: 'power is low', severity: 'warning', origin: 'ups', custom_id: '7', flood_rate: '30' }
  const event = await engine.ask('POST', '/events', custom)
  const message = await stream.has(({ name, data }) => name === 'event' && data.origin === 'ups')
  assert.deepEqual(message, { name: 'event', id: event.index, data: event })
  assert.deepEqual(await engine.ask('GET', `/events/${event.id}`), event)
})

test('a vNIC is told with its VM in the path, and the job of its plug with its steps', async (t) => {
  const engine = await startTestEngine(t)
  const { id: dataCenter } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const { id: cluster } = await engine.ask('POST', '/clusters', { name: 'c', data_center: { id: dataCenter } })
  const vm = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: cluster } })
  const stream = await follow(t, engine)
  const nic = await engine.ask('POST', `/vms/${vm.id}/nics`, { name: 'nic1' })
  const { data } = await stream.has((message) => message.data.resource === 'nic')
  assert.deepEqual(data, { resource: 'nic', id: nic.id, href: nic.href, change: 'added' })

  await engine.send('DELETE', `/vms/${vm.id}`, undefined, { 'correlation-id': 'away' })
  const ended = await stream.has(({ name, data }) => name === 'job' && data.status === 'finished')
  assert.equal(ended.data.correlation_id, 'away')
  assert.ok(ended.data.steps.step.every(({ status }: any) => status === 'finished'))
  assert.deepEqual(await engine.ask('GET', `/jobs/${ended.data.id}`), ended.data)
  const [step] = await engine.list(`/jobs/${ended.data.id}/steps`)
  assert.deepEqual([step.number, step.job.id], ['0', ended.data.id])
  assert.equal((await engine.send('GET', '/jobs/none')).status, 404)
})

test('an action answers its job, also one that failed or goes on; what needs no work has none', async (t) => {
  const { engine, vmId, host } = await startWithRunningVm(t)
  const act = (name: string, query = '') => engine.send('POST', `/vms/${vmId}/${name}${query}`, {})
  const jobOf = async ({ body }: Awaited<ReturnType<typeof act>>) =>
    (await engine.ask('GET', `/jobs/${body.job.id}`)).status
  host.answer('VM.destroy', async () => {
    throw vdsmError('HookError', ['no'])
  })
  const failed = await act('stop')
  assert.deepEqual([failed.status, failed.body.status, await jobOf(failed)], [400, 'failed', 'failed'])
  host.answer('VM.destroy', undefined)
  const stopped = await act('stop', '?async=true')
  assert.equal(stopped.status, 202)
  assert.ok(await until(async () => (await jobOf(stopped)) === 'finished', 5_000))
  const started = await act('start')
  assert.deepEqual([started.status, await jobOf(started)], [200, 'finished'])
  const again = await act('start')
  assert.deepEqual([again.status, again.body.job], [409, undefined])
})

test('who comes back with Last-Event-ID gets the events in between, once and in order', async (t) => {
  const engine = await startTestEngine(t)
  const add = (id: number) =>
    engine.ask('POST', '/events', { description: `no. ${id}`, severity: 'normal', origin: 't', custom_id: String(id) })
  const { index } = await add(1)
  await add(2)
  await add(3)
  assert.deepEqual(
    (await engine.list(`/events?from=${index}`)).map(({ description }) => description),
    ['no. 3', 'no. 2'],
  )
  const stream = await follow(t, engine, { 'last-event-id': index })
  await add(4)
  await stream.has(({ data }) => data.description === 'no. 4')
  assert.deepEqual(
    stream.messages.map(({ data }) => data.description),
    ['no. 2', 'no. 3', 'no. 4'],
  )
  for (const wrong of ['x', '-1']) {
    const answer = await engine.send('GET', '/events/stream', undefined, { 'last-event-id': wrong })
    assert.equal(answer.status, 400)
  }
})

test('it needs a session, and is over when that ends; and when the engine ends', async (t) => {
  const administrator = { name: 'admin@internal', password: 'secret' }
  const engine = await startTestEngine(t, { administrator })
  assert.equal((await engine.send('GET', '/events/stream')).status, 401)
  const basic = { authorization: `Basic ${Buffer.from('admin@internal:secret').toString('base64')}` }
  const other = await follow(t, engine, basic)
  const sso = (path: string, form: Record<string, string>) =>
    fetch(`${engine.url}/ovirt-engine/${path}`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(form),
    })
  const form = { grant_type: 'password', scope: 'ovirt-app-api', username: administrator.name, password: 'secret' }
  const { access_token: token } = (await (await sso('sso/oauth/token', form)).json()) as any
  const stream = await follow(t, engine, { authorization: `Bearer ${token}` })
  await sso('services/sso-logout', { token, scope: '' })
  const made = await engine.send('POST', '/datacenters', { name: 'dc' }, basic)
  assert.equal(made.status, 201)
  await stream.ended
  assert.deepEqual(stream.messages, [])
  await other.has(({ data }) => data.resource === 'data_center')
  await engine[Symbol.asyncDispose]()
  await other.ended
})

test('a reader that does not read gets the latest of each resource, and is cut off when it goes on', async (t) => {
  const { store, open, events } = await startStream(t, { beatMs: 500 })
  const stream = await open(undefined, () => true)
  const dataCenter = { id: 'd', name: 'dc', description: '', comment: '' }
  await store.dataCenters.insert(dataCenter)
  for (let at = 0; at < 50; at++) await store.dataCenters.update('d', { description: String(at) })
  await store.dataCenters.insert({ ...dataCenter, id: 'e', name: 'brief' })
  await store.dataCenters.remove('e')
  const [text] = await once(stream, 'data')
  assert.equal(String(text).match(/^data: /gm)?.length, 1)
  assert.match(String(text), /"change":"added"/)
  stream.pause()
  const closed = once(stream, 'close')
  // More than the stream itself takes.
  while (!stream.destroyed) await events.tell('VDS_DETECTED', 'x'.repeat(4_000))
  await closed
})

test('what waits for one reader is bounded', async (t) => {
  const { open, events } = await startStream(t, { mostWaiting: 5 })
  const stream = await open(undefined, () => true)
  const closed = once(stream, 'close')
  for (let at = 0; at < 6; at++) await events.tell('VDS_DETECTED', 'up')
  await closed
  assert.ok(stream.destroyed)
})

async function startStream(t: TestContext, options: LiveStreamOptions) {
  const store = await openStore('sqlite::memory:')
  const live = createLiveStream(store, createJobLog(), options)
  t.after(async () => {
    live[Symbol.dispose]()
    await store[Symbol.asyncDispose]()
  })
  return { store, open: live.open, events: createEventLog(store) }
}

interface Told {
  readonly name: string
  readonly id?: string
  readonly data: any
}

async function follow(t: TestContext, engine: TestEngine, headers: Record<string, string> = {}) {
  const over = new AbortController()
  t.after(() => over.abort())
  const url = `${engine.url}/ovirt-engine/api/events/stream`
  const answer = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: over.signal })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'text/event-stream')
  const messages: Told[] = []
  const read = async () => {
    let rest = ''
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + piece).split('\n\n')
      rest = blocks.pop()!
      messages.push(...blocks.filter((block) => !block.startsWith(':')).map(toldIn))
    }
  }
  const ended = read().catch(() => {})
  return {
    messages,
    ended,
    async has(matches: (message: Told) => boolean): Promise<Told> {
      assert.ok(await until(() => messages.some(matches), 5_000), JSON.stringify(messages))
      return messages.find(matches)!
    },
  }
}

function toldIn(block: string): Told {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  const id = field('id')
  return { name: field('event')!, ...(id !== undefined && { id }), data: JSON.parse(field('data')!) }
}
