import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocks } from './locks.ts'

test('work on one thing is done one after the other, in the order in which it was asked for', async () => {
  const { exclusive } = createLocks()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await Promise.resolve()
    events.push(`${name} ends`)
  }
  await Promise.all(['a', 'b', 'c'].map((name) => exclusive('network', work(name))))
  assert.deepEqual(
    events,
    ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  )
})

test('work on another thing does not wait', async () => {
  const { exclusive } = createLocks()
  const never = Promise.withResolvers<void>()
  const waiting = exclusive('blue', () => never.promise)
  assert.equal(await exclusive('red', async () => 'done'), 'done')
  never.resolve()
  await waiting
})

test('work that fails fails for its own caller alone', async () => {
  const { exclusive } = createLocks()
  const failing = exclusive('network', () => Promise.reject(new Error('oh')))
  const next = exclusive('network', async () => 'done')
  await assert.rejects(failing, /oh/)
  assert.equal(await next, 'done')
})
