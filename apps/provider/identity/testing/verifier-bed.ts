// A verifier of Keystone's tokens under test, and what tests ask of it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { createKeystoneVerifier } from '../keystone/keystone-verifier.ts'
import type { Bounds, RemoteVerifier } from '../tokens/remote-verifier.ts'
import { type FakeKeystone, inBlue, startFakeKeystone } from './fake-keystone.ts'

export const ann = { user: { id: 'u1', name: 'ann' }, project: { id: 'p1', name: 'blue' }, roles: ['member', 'reader'] }
/** A verifier with a clock of its own in front of a fake Keystone that knows ann's token. */
export async function startVerifier(
  t: TestContext,
  bounds: Partial<Bounds> = {},
  prepare: (fake: FakeKeystone) => void = () => {},
) {
  const fake = await startFakeKeystone(t)
  fake.tokens.set('anns', inBlue)
  prepare(fake)
  const clock = { now: Date.now() }
  const verifier = createKeystoneVerifier(fake.options, { retryMs: 20, ...bounds }, () => clock.now)
  t.after(() => verifier[Symbol.asyncDispose]())
  const asked = (what: string) => fake.asked.filter((each) => each === what).length
  return { fake, verifier, clock, asked }
}

export async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; !holds() && attempt < 500; attempt++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(holds())
}

/** Not let in, and told why. */
export const refused = (verifier: RemoteVerifier, token: string, reason: RegExp, type = 'ServiceUnavailable') =>
  assert.rejects(
    async () => verifier.verify(token),
    (error) => error instanceof NetworkingError && error.type === type && reason.test(error.message),
  )
