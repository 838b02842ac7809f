// Who is told of which guest's end, whatever order events and looks come in.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createGuestEnds } from './guest-ends.ts'

const lifecycle = (domain: string, detail: string) => ({ kind: 'lifecycle', domain, detail })
const listed = (vmId: string, name: string) => ({ vmId, name, running: true })

function watched() {
  const ends = createGuestEnds(5)
  const told: string[] = []
  ends.onEnd((vmId, end) => told.push(`${vmId} ${end}`))
  return { ends, told }
}

test('an end has its reason; a move and an end that is wanted are none', () => {
  const { ends, told } = watched()
  for (const [vmId, detail] of [
    ['v1', 'Stopped Shutdown'],
    ['v2', 'Stopped Destroyed'],
    ['v3', 'Stopped Crashed'],
    ['v4', 'Stopped Failed'],
    ['v5', 'Stopped Migrated'],
  ] as const) {
    ends.begin(vmId, `name of ${vmId}`)
    assert.equal(ends.event(lifecycle(`name of ${vmId}`, detail)), vmId)
  }
  ends.begin('v6', 'wanted')
  ends.expect('v6')
  ends.event(lifecycle('wanted', 'Stopped Destroyed'))
  assert.deepEqual(told, ['v1 shutdown', 'v2 destroyed', 'v3 lost', 'v4 lost'])
})

test('a guest of which nobody knew is known once it was seen', async () => {
  const { ends, told } = watched()
  assert.equal(ends.event(lifecycle('a', 'Started Booted')), undefined)
  await ends.look(async () => [listed('v1', 'a')])
  assert.equal(ends.event(lifecycle('a', 'Stopped Failed')), 'v1')
  assert.deepEqual(told, ['v1 lost'])
})

test('one that is missing when one looks is lost, one that is being made is not', async () => {
  const { ends, told } = watched()
  await ends.look(async () => [listed('v1', 'a')])
  ends.begin('v2', 'b')
  await ends.look(async () => [])
  assert.deepEqual(told, ['v1 lost'])
})

test('one whose event comes after a list without it has the reason of its event', async () => {
  const { ends, told } = watched()
  await ends.look(async () => [listed('v1', 'a')])
  const looked = ends.look(async () => [])
  await setImmediate()
  ends.event(lifecycle('a', 'Stopped Destroyed'))
  await looked
  assert.deepEqual(told, ['v1 destroyed'])
})

test('one that starts while the list is on its way is not missing on it', async () => {
  const { ends, told } = watched()
  ends.begin('v1', 'a')
  await ends.look(async () => {
    ends.event(lifecycle('a', 'Started Booted'))
    return []
  })
  assert.deepEqual(told, [])
  ends.event(lifecycle('a', 'Stopped Failed'))
  assert.deepEqual(told, ['v1 lost'])
})
