// Checks that what was begun can be undone by the inverse verb, also by a new instance after the old one was killed.
import { test } from 'node:test'
import { momentsOf } from './moments.ts'
import { cannotBeKilled, connectsNothing } from './skip-reasons.ts'
import type { Trial } from './trial.ts'

export function describeUndoing(trial: () => Trial): void {
  test('[UNDO-2] an unplug after the first phase of a plug leaves nothing', async () => {
    const nic = await trial().newNic()
    await nic.call('plug_device', 'before')
    await nic.call('unplug_device', 'after')
    await trial().assertNothingLeft()
  })

  test('[UNDO-3] a NIC whose unplug did not happen is wired again by the second phase of a plug', async (t) => {
    if (!trial().bed.carries) return t.skip(connectsNothing)
    const [nic, peer] = [await trial().plugged(), await trial().plugged()]
    await nic.call('unplug_device', 'before')
    await nic.call('plug_device', 'after')
    await trial().assertWired(nic, peer)
  })

  test('[UNDO-6] an unplug after a plug that was killed at any moment leaves nothing', async (t) => {
    if (!trial().canBeKilled) return t.skip(cannotBeKilled)
    for await (const moment of momentsOf(trial(), 'plug')) {
      const nic = await trial().newNic()
      const plugging = nic.call('plug_device', 'before').catch(() => {})
      await moment()
      await trial().restart(trial().host)
      await plugging
      await nic.call('unplug_device', 'after')
      await trial().assertNothingLeft()
    }
  })

  test('[UNDO-7] an unplug after an unplug that was killed at any moment leaves nothing', async (t) => {
    if (!trial().canBeKilled) return t.skip(cannotBeKilled)
    for await (const moment of momentsOf(trial(), 'unplug')) {
      const nic = await trial().plugged()
      await nic.call('unplug_device', 'before')
      await nic.removeInterface()
      const unplugging = nic.call('unplug_device', 'after').catch(() => {})
      await moment()
      await trial().restart(trial().host)
      await unplugging
      await nic.call('unplug_device', 'after')
      await trial().assertNothingLeft()
    }
  })
}
