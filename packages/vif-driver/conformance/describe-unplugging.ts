// Checks of unplug_device: it removes what is the NIC's alone, and succeeds whatever state the NIC is in.
import { test } from 'node:test'
import { asksNoProvider } from './skip-reasons.ts'
import type { Trial } from './trial.ts'

/** ms for a driver to tell its provider what that did not hear. */
const catchUpMs = 30_000

export function describeUnplugging(trial: () => Trial): void {
  test('[UNPLUG-2] [UNPLUG-3] unplugging one NIC leaves the others wired, unplugging the last leaves nothing', async () => {
    const [one, two, three] = [await trial().plugged(), await trial().plugged(), await trial().plugged()]
    await one.unplug()
    await trial().assertWired(two, three)
    await two.unplug()
    await three.unplug()
    await trial().assertNothingLeft()
  })

  test('[UNPLUG-4] [CALL-4] an unplug that is repeated succeeds and changes nothing more', async () => {
    const [nic, one, two] = [await trial().plugged(), await trial().plugged(), await trial().plugged()]
    await nic.call('unplug_device', 'before')
    await nic.call('unplug_device', 'before')
    await nic.removeInterface()
    await nic.call('unplug_device', 'after')
    await nic.call('unplug_device', 'after')
    await trial().assertWired(one, two)
    for (const each of [one, two, one, two]) await each.unplug()
    await trial().assertNothingLeft()
  })

  test('[UNPLUG-4] unplugging a NIC that was never plugged succeeds', async () => {
    await (await trial().newNic()).unplug()
    await trial().assertNothingLeft()
  })

  test('[UNPLUG-4] unplugging a NIC whose plug failed succeeds', async () => {
    const nic = await trial().newNic()
    await nic.call('plug_device', 'before')
    await nic.call('plug_device', 'after').catch(() => {})
    await nic.call('unplug_device', 'after')
    await trial().assertNothingLeft()
  })

  test('[UNPLUG-5] a NIC is unplugged while the provider cannot be reached', async (t) => {
    if (!trial().bed.withoutProvider) return t.skip(asksNoProvider)
    const nic = await trial().plugged()
    await trial().bed.withoutProvider!(() => nic.unplug())
    await trial().assertNothingLeft(trial().host, catchUpMs)
  })

  test('[UNPLUG-6] [PHASE-2] an unplug needs neither state nor the phase before', async () => {
    const nic = await trial().plugged()
    await nic.removeInterface()
    await nic.call('unplug_device', 'after', { state: undefined })
    await trial().assertNothingLeft()
  })

  test('[UNPLUG-2] a NIC that was unplugged can be plugged again', async () => {
    const [nic, peer] = [await trial().plugged(), await trial().plugged()]
    await nic.unplug()
    await nic.plug()
    await trial().assertWired(nic, peer)
  })
}
