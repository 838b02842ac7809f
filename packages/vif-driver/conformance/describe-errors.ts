// Checks of how a driver says that it could not do its work.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError, type DriverErrorKind } from '../driver-error.ts'
import { asksNoProvider, connectsNothing } from './skip-reasons.ts'
import type { Trial } from './trial.ts'

export function describeErrors(trial: () => Trial): void {
  test('[ERROR-1] [ERROR-2] [ERROR-5] plugging a port that the provider does not know is port-not-found', async (t) => {
    if (!trial().bed.strangeNic) return t.skip(asksNoProvider)
    const nic = trial().place(trial().bed.strangeNic!(), trial().host)
    await rejectsWith(nic.call('plug_device', 'before'), ['port-not-found'])
    await trial().assertNothingLeft()
  })

  test('[ERROR-1] [ERROR-2] [ERROR-6] plugging while the provider cannot be reached is provider-unavailable', async (t) => {
    const { withoutProvider } = trial().bed
    if (!withoutProvider) return t.skip(asksNoProvider)
    const nic = await trial().newNic()
    await withoutProvider(() => rejectsWith(nic.call('plug_device', 'before'), ['provider-unavailable']))
    await nic.call('unplug_device', 'after')
    await trial().assertNothingLeft()
  })

  test('[ERROR-1] [ERROR-2] [ERROR-7] a plug without an interface is not-wired or host-setup', async (t) => {
    if (!trial().bed.carries) return t.skip(connectsNothing)
    const nic = await trial().newNic()
    await nic.call('plug_device', 'before')
    await rejectsWith(nic.call('plug_device', 'after'), ['not-wired', 'host-setup'])
  })

  test('[ERROR-4] a plug that fails leaves other NICs wired', async (t) => {
    if (!trial().bed.carries) return t.skip(connectsNothing)
    const [one, other] = [await trial().plugged(), await trial().plugged()]
    const nic = await trial().newNic()
    await nic.call('plug_device', 'before')
    await assert.rejects(nic.call('plug_device', 'after'))
    await trial().assertWired(one, other)
    await nic.call('unplug_device', 'after')
    await trial().assertWired(one, other)
  })
}

async function rejectsWith(call: Promise<unknown>, kinds: readonly DriverErrorKind[]): Promise<void> {
  await assert.rejects(call, (error) => {
    assert(error instanceof DriverError, `a DriverError was expected, not ${error}`)
    assert(kinds.includes(error.kind), `${kinds.join(' or ')} was expected, not ${error.kind}: ${error.message}`)
    assert.match(error.message, /^\S.*\S$/, 'the message is one line')
    return true
  })
}
