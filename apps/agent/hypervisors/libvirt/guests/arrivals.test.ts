// A guest on its way here, as libvirt's events tell it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createArrivals } from './arrivals.ts'

const guest = { vmId: 'v1', name: 'a', interfaces: [], domainXml: '<domain/>' }
const lifecycle = (domain: string, detail: string) => ({ kind: 'lifecycle', domain, detail })

test('it has its interfaces once it started, and runs once it resumed', async () => {
  const arrivals = createArrivals()
  const incoming = arrivals.expect(guest)
  const order: string[] = []
  const both = [incoming.realised.then(() => order.push('realised')), incoming.completed.then(() => order.push('runs'))]
  for (const event of [lifecycle('b', 'Resumed Migrated'), { kind: 'device-removed', domain: 'a', detail: 'Resumed' }])
    arrivals.event(event)
  await Promise.resolve()
  assert.deepEqual(order, [])
  arrivals.event(lifecycle('a', 'Started Migrated'))
  await both[0]
  arrivals.event(lifecycle('a', 'Resumed Migrated'))
  await both[1]
  assert.deepEqual(order, ['realised', 'runs'])
})

test('events that were missed are made up for by a look', async () => {
  const arrivals = createArrivals()
  const incoming = arrivals.expect(guest)
  arrivals.seen('a', false)
  await incoming.realised
  arrivals.seen('a', true)
  await incoming.completed
})

test('it does not come when its source gives up, and not when it is given up here', async () => {
  const arrivals = createArrivals()
  const first = arrivals.expect(guest)
  arrivals.event(lifecycle('a', 'Stopped Failed'))
  await assert.rejects(first.completed, /its source gave up \(Stopped Failed\)/)
  const second = arrivals.expect(guest)
  second.abort()
  await assert.rejects(second.completed, /not expected any more/)
})

test('what was given up is unwelcome until it is expected again, or made here', async () => {
  const arrivals = createArrivals()
  const incoming = arrivals.expect(guest)
  assert.equal(arrivals.isUnwelcome('v1'), false)
  arrivals.forget('v1')
  await assert.rejects(incoming.completed, /not expected any more/)
  assert.equal(arrivals.isUnwelcome('v1'), true)
  arrivals.expect(guest).completed.catch(() => {})
  assert.equal(arrivals.isUnwelcome('v1'), false)
  arrivals.forget('v1')
  arrivals.welcome('v1')
  assert.equal(arrivals.isUnwelcome('v1'), false)
})
