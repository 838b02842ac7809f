// Tokens of an external Keystone: how often it is asked, how long its word holds, and what happens when it is ill.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { makeIdentities } from '@patchbay/ovsdb/testing/certificates.ts'
import { type Bounds, createKeystoneVerifier, type KeystoneVerifier } from './keystone-verifier.ts'
import { answering, errorBody, type FakeKeystone, inBlue, startFakeKeystone } from './testing/fake-keystone.ts'

const ann = { user: { id: 'u1', name: 'ann' }, project: { id: 'p1', name: 'blue' }, roles: ['member', 'reader'] }
const minuteMs = 60_000

async function start(t: TestContext, bounds: Partial<Bounds> = {}, prepare: (fake: FakeKeystone) => void = () => {}) {
  const fake = await startFakeKeystone(t)
  fake.tokens.set('anns', inBlue)
  prepare(fake)
  const clock = { now: Date.now() }
  const verifier = createKeystoneVerifier(fake.options, { retryMs: 20, ...bounds }, () => clock.now)
  t.after(() => verifier[Symbol.asyncDispose]())
  const asked = (what: string) => fake.asked.filter((each) => each === what).length
  return { fake, verifier, clock, asked }
}

async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; !holds() && attempt < 500; attempt++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(holds())
}

const refused = (verifier: KeystoneVerifier, token: string, reason: RegExp, type = 'ServiceUnavailable') =>
  assert.rejects(
    async () => verifier.verify(token),
    (error) => error instanceof NetworkingError && error.type === type && reason.test(error.message),
  )

test('a token has the project and those of its roles that we know', async (t) => {
  const { verifier } = await start(t)
  assert.deepEqual(await verifier.verify('anns'), ann)
})

test('what Keystone said is at hand at once, until it is too old', async (t) => {
  const { verifier, clock, asked, fake } = await start(t)
  await verifier.verify('anns')
  assert.deepEqual(verifier.verify('anns'), ann, 'no promise')
  fake.tokens.delete('anns')
  clock.now += minuteMs - 1
  assert.deepEqual(verifier.verify('anns'), ann)
  assert.equal(asked('GET anns'), 1)
  clock.now += 1
  assert.equal(await verifier.verify('anns'), undefined)
  assert.equal(asked('GET anns'), 2)
})

test('it never holds longer than the token', async (t) => {
  const { verifier, clock, fake } = await start(t)
  const expires_at = new Date(clock.now + 10_000).toISOString()
  fake.tokens.set('short', { ...inBlue, expires_at })
  assert.ok(await verifier.verify('short'))
  clock.now += 10_000
  assert.equal(await verifier.verify('short'), undefined, 'also if Keystone has another time')
})

test('requests that come together with one token share one question', async (t) => {
  const { verifier, asked } = await start(t)
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => verifier.verify('anns')))
  assert.ok(verdicts.every((verdict) => verdict?.user.id === 'u1'))
  assert.deepEqual([asked('GET anns'), asked('POST')], [1, 1])
})

test('an unknown token is remembered too, but not for long', async (t) => {
  const { verifier, clock, fake, asked } = await start(t)
  assert.equal(await verifier.verify('later'), undefined)
  assert.equal(verifier.verify('later'), undefined)
  assert.equal(asked('GET later'), 1)
  fake.tokens.set('later', inBlue)
  clock.now += 10_000
  assert.deepEqual(await verifier.verify('later'), ann)
})

test('what can be no token is refused without asking', async (t) => {
  const { verifier, fake } = await start(t)
  await until(() => verifier.missing() === undefined)
  const before = fake.asked.length
  for (const text of ['', 'a b', 'ž', 'x\u0000', 'x'.repeat(8193)]) assert.equal(verifier.verify(text), undefined)
  assert.equal(fake.asked.length, before)
})

test('bad tokens do not push good ones out, and only so many are remembered', async (t) => {
  const { verifier, asked, fake } = await start(t, { maxRemembered: 3 })
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
  const { verifier, asked } = await start(t, {}, (fake) => Object.assign(fake.options, { cacheMs: 0 }))
  for (let time = 0; time < 3; time++) assert.ok(await verifier.verify('anns'))
  for (let time = 0; time < 3; time++) assert.equal(await verifier.verify('no'), undefined)
  assert.deepEqual([asked('GET anns'), asked('GET no')], [3, 3])
})

test('a token without a project, or without a role of ours, may do nothing', async (t) => {
  const { verifier, fake } = await start(t)
  const { user, project } = inBlue
  fake.tokens.set('unscoped', { user })
  fake.tokens.set('system', { user, system: { all: true }, roles: [{ id: 'r', name: 'admin' }] })
  fake.tokens.set('other', { user, project, roles: [{ id: 'r', name: 'swift_operator' }] })
  for (const token of ['unscoped', 'system', 'other', 'other'])
    await refused(verifier, token, /admin_or_project_reader/, 'PolicyNotAuthorized')
})

test("the provider's own token is renewed before it expires, and once when Keystone no longer takes it", async (t) => {
  const { verifier, clock, fake, asked } = await start(t, {}, (fake) => {
    fake.ownLifetimeMs = 100_000
  })
  await verifier.verify('a')
  await verifier.verify('b')
  assert.equal(asked('POST'), 1)
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

test('a Keystone that refuses every token it gave is asked twice, not for ever', async (t) => {
  const { verifier, fake, asked } = await start(t)
  await until(() => verifier.missing() === undefined)
  fake.ill = (request, response) => {
    if (request.method === 'GET') return answering(401, errorBody(401))(request, response)
    response.setHeader('x-subject-token', 'another')
    answering(201, JSON.stringify({ token: { ...inBlue, expires_at: '2999-01-01T00:00:00Z' } }))(request, response)
  }
  await refused(verifier, 'anns', /refuses the token that it gave the provider/)
  assert.equal(asked('GET anns'), 2)
})

test('whatever Keystone answers in its illness, nobody gets in, and the reason is told', async (t) => {
  const { verifier, fake } = await start(t)
  await until(() => verifier.missing() === undefined)
  const token = JSON.stringify({ token: inBlue })
  const answers: [number, string, RegExp][] = [
    [500, errorBody(500), /answered 500/],
    [503, '<html>', /answered 503/],
    [429, '', /answered 429/],
    [302, '', /answered 302/],
    [403, errorBody(403), /role admin or service/],
    [404, '<html>not found</html>', /as Keystone does/],
    [200, '', /as Keystone does/],
    [200, 'OK', /as Keystone does/],
    [200, '{}', /as Keystone does/],
    [200, '[]', /as Keystone does/],
    [200, '{"token": null}', /as Keystone does/],
    [200, token, /as Keystone does/],
    [200, token.replace('}}', '},"expires_at":"soon"}'), /as Keystone does/],
    [204, '', /as Keystone does/],
    [201, token, /as Keystone does/],
  ]
  for (const [status, body, reason] of answers) {
    fake.ill = answering(status, body)
    await refused(verifier, 'anns', reason)
  }
  fake.ill = (request) => request.socket.end('garbage\r\n\r\n')
  await refused(verifier, 'anns', /as Keystone does|cannot be reached/)
  fake.ill = undefined
  assert.deepEqual(await verifier.verify('anns'), ann)
})

test('a Keystone that is silent is waited for only so long, and only by so many', async (t) => {
  const { verifier, fake } = await start(t, { timeoutMs: 300, maxPending: 2 })
  await until(() => verifier.missing() === undefined)
  let release = () => {}
  fake.wait = new Promise((resolve) => {
    release = resolve
  })
  const waiting = ['a', 'b'].map((token) => refused(verifier, token, /no answer within 0.3 s/))
  await refused(verifier, 'c', /too many tokens/)
  await Promise.all(waiting)
  release()
  assert.deepEqual(await verifier.verify('anns'), ann)
})

test('a wrong password is told, not tried at every request, and right again once it is', async (t) => {
  const wrong = answering(401, errorBody(401))
  const { verifier, fake, asked, clock } = await start(t, { retryMs: minuteMs }, (fake) => {
    fake.ill = wrong
  })
  for (const token of ['a', 'b', 'c']) await refused(verifier, token, /Check --keystone-user, its password/)
  assert.equal(asked('POST'), 1)
  fake.ill = undefined
  clock.now += 1_000
  assert.deepEqual(await verifier.verify('anns'), ann)
})

test('over HTTPS only a Keystone whose CA is known gets the password', async (t) => {
  const fake = await startFakeKeystone(t, makeIdentities(t, 'keystone').keystone)
  fake.tokens.set('anns', inBlue)
  const start = (ca: string | undefined) => {
    const verifier = createKeystoneVerifier({ ...fake.options, ca })
    t.after(() => verifier[Symbol.asyncDispose]())
    return verifier
  }
  await refused(start(undefined), 'anns', /no certificate that is trusted here. Check --keystone-ca/)
  assert.deepEqual(fake.asked, [])
  assert.deepEqual(await start(fake.options.ca).verify('anns'), ann)
})

test('what is missing is told while Keystone is away, and nothing once it is back', async (t) => {
  const { verifier, fake } = await start(t)
  assert.match(verifier.missing()!, /not been asked/)
  await until(() => verifier.missing() === undefined)
  assert.ok(await verifier.verify('anns'))
  await fake.stop()
  await refused(verifier, 'b', /cannot be reached/)
  assert.match(verifier.missing()!, /Keystone at http.*\/v3 cannot be reached/)
  assert.deepEqual(verifier.verify('anns'), ann, 'what is known still holds')
  await fake.restart()
  await until(() => verifier.missing() === undefined)
})

test('nothing that is told gives a token or the password away', async (t) => {
  const { verifier, fake } = await start(t)
  await until(() => verifier.missing() === undefined)
  for (const ill of [answering(500, 'anns its password'), answering(200, 'anns')]) {
    fake.ill = ill
    await assert.rejects(
      async () => verifier.verify('anns'),
      (error: Error) => !/anns|its password|own-/.test(error.message),
    )
  }
})
