// A provider that fails in a row is left alone, asked again by one call, and asked by everybody once it answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProviderError, type ProviderFailure } from '@patchbay/networking-api/client/provider-error.ts'
import { createCircuitBreaker, type Health } from './circuit-breaker.ts'

const rules = { tolerated: 3, firstPauseMs: 1_000, mostPauseMs: 4_000 }

function scene() {
  let now = 1_000_000
  let asked = 0
  const told: Health[] = []
  const breaker = createCircuitBreaker(
    (health) => told.push(health),
    rules,
    () => now,
  )
  const ask = (answer: () => Promise<unknown>, how?: { anyway: boolean }) =>
    breaker.run(() => {
      asked++
      return answer()
    }, how)
  return {
    breaker,
    told,
    succeed: () => ask(async () => 'answer'),
    fail: (failure: ProviderFailure = 'unreachable', status?: number, how?: { anyway: boolean }) =>
      assert.rejects(
        ask(async () => Promise.reject(new ProviderError(failure, 'refused', status ? { status } : {})), how),
      ),
    ask,
    asked: () => asked,
    pass: (ms: number) => {
      now += ms
    },
  }
}

test('after three outages in a row nobody is let through until the pause is over', async () => {
  const { breaker, fail, succeed, asked, pass, told } = scene()
  assert.equal(breaker.health().availability, 'unknown')
  await succeed()
  assert.equal(breaker.health().availability, 'up')
  await fail()
  await fail('timeout')
  assert.equal(breaker.health().availability, 'up')
  await fail('rejected', 503)
  assert.equal(breaker.health().availability, 'unreachable')
  await assert.rejects(succeed(), /It failed 3 times in a row and is asked again in 1 s\. The last failure: refused/)
  assert.equal(asked(), 4)
  pass(1_000)
  assert.equal(breaker.health().availability, 'probing')
  assert.equal(await succeed(), 'answer')
  assert.equal(breaker.health().availability, 'up')
  assert.deepEqual(
    told.map(({ availability, reason }) => [availability, reason]),
    [
      ['unreachable', 'refused'],
      ['up', ''],
    ],
  )
})

test('one call finds out, the others are told the known reason meanwhile', async () => {
  const { breaker, fail, ask, succeed, pass } = scene()
  for (let at = 0; at < 3; at++) await fail()
  pass(1_000)
  const answer = Promise.withResolvers<string>()
  const probe = ask(() => answer.promise)
  assert.equal(breaker.health().availability, 'probing')
  await assert.rejects(succeed(), /failed 3 times/)
  answer.resolve('back')
  assert.equal(await probe, 'back')
  assert.equal(await succeed(), 'answer')
})

test('each failed attempt doubles the pause, up to the longest', async () => {
  const { breaker, fail, asked, pass, told } = scene()
  for (let at = 0; at < 3; at++) await fail()
  for (const pauseMs of [1_000, 2_000, 4_000, 4_000]) {
    pass(pauseMs - 1)
    assert.equal(breaker.health().availability, 'unreachable', `${pauseMs}`)
    pass(1)
    await fail()
  }
  assert.equal(asked(), 7)
  assert.equal(told.length, 1, 'told once')
})

test('a provider that refuses is there', async () => {
  const { breaker, fail } = scene()
  for (const [failure, status] of [
    ['unauthorized', 401],
    ['rejected', 409],
    ['rejected', 500],
    ['malformed', undefined],
  ] as const)
    for (let at = 0; at < 3; at++) await fail(failure, status)
  assert.equal(breaker.health().availability, 'up')
  await fail()
  await fail('rejected', 404)
  await fail()
  await fail()
  assert.equal(breaker.health().availability, 'up', 'not in a row')
})

test('who wants to know it asks anyway', async () => {
  const { breaker, fail, asked, ask } = scene()
  for (let at = 0; at < 3; at++) await fail()
  await fail('unreachable', undefined, { anyway: true })
  assert.equal(asked(), 4)
  await ask(async () => 'answer', { anyway: true })
  assert.equal(breaker.health().availability, 'up')
})
