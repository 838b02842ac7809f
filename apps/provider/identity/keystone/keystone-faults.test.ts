// A Keystone that is ill, silent, away or not the right one: nobody gets in, and the reason is told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeIdentities } from '@patchbay/ovsdb/testing/certificates.ts'
import { answering, errorBody, inBlue, startFakeKeystone } from '../testing/fake-keystone.ts'
import { ann, refused, startVerifier, until } from '../testing/verifier-bed.ts'
import { createKeystoneVerifier } from './keystone-verifier.ts'

test('a Keystone that refuses every token it gave is asked twice, not for ever', async (t) => {
  const { verifier, fake, asked } = await startVerifier(t)
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
  const { verifier, fake } = await startVerifier(t)
  await until(() => verifier.missing() === undefined)
  const token = (expires_at?: string) => JSON.stringify({ token: { ...inBlue, expires_at } })
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
    [200, token(), /as Keystone does/],
    [200, token('soon'), /as Keystone does/],
    [204, '', /as Keystone does/],
    [201, token('2999-01-01T00:00:00Z'), /as Keystone does/],
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
  const { verifier, fake } = await startVerifier(t, { timeoutMs: 1_000, maxPending: 2 })
  await until(() => verifier.missing() === undefined)
  let release = () => {}
  fake.wait = new Promise((resolve) => {
    release = resolve
  })
  const waiting = ['a', 'b'].map((token) => refused(verifier, token, /no answer within 1 s/))
  await refused(verifier, 'c', /too many tokens/)
  await Promise.all(waiting)
  release()
  assert.deepEqual(await verifier.verify('anns'), ann)
})

test('a wrong password is told, not tried at every request, and right again once it is', async (t) => {
  const wrong = answering(401, errorBody(401))
  const { verifier, fake, asked, clock } = await startVerifier(t, { retryMs: 60_000 }, (fake) => {
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
  const { verifier, fake } = await startVerifier(t)
  assert.match(verifier.missing()!, /not answered yet/)
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
  const { verifier, fake } = await startVerifier(t)
  await until(() => verifier.missing() === undefined)
  for (const ill of [answering(500, 'anns its password'), answering(200, 'anns')]) {
    fake.ill = ill
    await assert.rejects(
      async () => verifier.verify('anns'),
      (error: Error) => !/anns|its password|own-/.test(error.message),
    )
  }
})
