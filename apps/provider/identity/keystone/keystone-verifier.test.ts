// Tokens of an external Keystone: how often it is asked, and how long its word holds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBlue } from '../testing/fake-keystone.ts'
import { ann, refused, startVerifier, until } from '../testing/verifier-bed.ts'

test('a token has the project and those of its roles that we know', async (t) => {
  const { verifier } = await startVerifier(t)
  assert.deepEqual(await verifier.verify('anns'), ann)
})

test('what Keystone said is at hand at once, until it is too old', async (t) => {
  const { verifier, clock, asked, fake } = await startVerifier(t)
  await verifier.verify('anns')
  assert.deepEqual(verifier.verify('anns'), ann, 'no promise')
  fake.tokens.delete('anns')
  clock.now += 60_000 - 1
  assert.deepEqual(verifier.verify('anns'), ann)
  assert.equal(asked('GET anns'), 1)
  clock.now += 1
  assert.equal(await verifier.verify('anns'), undefined)
  assert.equal(asked('GET anns'), 2)
})

test('it never holds longer than the token', async (t) => {
  const { verifier, clock, fake } = await startVerifier(t)
  const expires_at = new Date(clock.now + 10_000).toISOString()
  fake.tokens.set('short', { ...inBlue, expires_at })
  assert.ok(await verifier.verify('short'))
  clock.now += 10_000
  assert.equal(await verifier.verify('short'), undefined, 'also if Keystone has another time')
})

test('requests that come together with one token share one question', async (t) => {
  const { verifier, asked } = await startVerifier(t)
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => verifier.verify('anns')))
  assert.ok(verdicts.every((verdict) => verdict?.user.id === 'u1'))
  assert.deepEqual([asked('GET anns'), asked('POST')], [1, 1])
})

test('an unknown token is remembered too, but not for long', async (t) => {
  const { verifier, clock, fake, asked } = await startVerifier(t)
  assert.equal(await verifier.verify('later'), undefined)
  assert.equal(verifier.verify('later'), undefined)
  assert.equal(asked('GET later'), 1)
  fake.tokens.set('later', inBlue)
  clock.now += 10_000
  assert.deepEqual(await verifier.verify('later'), ann)
})

test('what can be no token is refused without asking', async (t) => {
  const { verifier, fake } = await startVerifier(t)
  await until(() => verifier.missing() === undefined)
  const before = fake.asked.length
  for (const text of ['', 'a b', 'ž', 'x\u0000', 'x'.repeat(8193)]) assert.equal(verifier.verify(text), undefined)
  assert.equal(fake.asked.length, before)
})

test('bad tokens do not push good ones out, and only so many are remembered', async (t) => {
  const { verifier, asked, fake } = await startVerifier(t, { maxRemembered: 3 })
  await verifier.verify('anns')
  for (const text of ['a', 'b', 'c', 'd']) await verifier.verify(text)
  assert.deepEqual(verifier.verify('anns'), ann)
  for (const text of ['e', 'f', 'g']) {
    fake.tokens.set(text, inBlue)
    await verifier.verify(text)
  }
  await verifier.verify('anns')
  assert.equal(asked('GET anns'), 2)
})

test('without a cache Keystone is asked about every request', async (t) => {
  const { verifier, asked } = await startVerifier(t, {}, (fake) => Object.assign(fake.options, { cacheMs: 0 }))
  for (let time = 0; time < 3; time++) assert.ok(await verifier.verify('anns'))
  for (let time = 0; time < 3; time++) assert.equal(await verifier.verify('no'), undefined)
  assert.deepEqual([asked('GET anns'), asked('GET no')], [3, 3])
})

test('a token without a project, or without a role of ours, may do nothing', async (t) => {
  const { verifier, fake } = await startVerifier(t)
  const { user, project } = inBlue
  fake.tokens.set('unscoped', { user })
  fake.tokens.set('system', { user, system: { all: true }, roles: [{ id: 'r', name: 'admin' }] })
  fake.tokens.set('other', { user, project, roles: [{ id: 'r', name: 'swift_operator' }] })
  for (const token of ['unscoped', 'system', 'other', 'other'])
    await refused(verifier, token, /admin_or_project_reader/, 'PolicyNotAuthorized')
})

test("the provider's own token is renewed before it expires, and once when Keystone no longer takes it", async (t) => {
  const { verifier, clock, fake, asked } = await startVerifier(t, {}, (fake) => {
    fake.ownLifetimeMs = 100_000
  })
  await verifier.verify('a')
  await verifier.verify('b')
  assert.equal(asked('POST'), 1)
  fake.ownLifetimeMs = 3_600_000
  clock.now += 75_000
  await verifier.verify('c')
  assert.equal(asked('POST'), 2)
  fake.own.clear()
  assert.deepEqual(await Promise.all(['d', 'e', 'anns'].map((token) => verifier.verify(token))), [
    undefined,
    undefined,
    ann,
  ])
  assert.equal(asked('POST'), 3, 'shared')
})
