// Checks of calls whose time is over: the inverse verb comes at once, and nothing is left of either.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError } from '../driver-error.ts'
import { momentsOf } from './moments.ts'
import type { Trial } from './trial.ts'

export function describeTime(trial: () => Trial): void {
  test('[TIME-3] [TIME-4] an unplug at the moment when a plug is aborted leaves nothing', async () => {
    for await (const moment of momentsOf(trial(), 'plug')) {
      const nic = await trial().newNic()
      const controller = new AbortController()
      const plugging = nic.call('plug_device', 'before', { signal: controller.signal }).catch((error) => error)
      await moment()
      controller.abort()
      const unplugging = nic.call('unplug_device', 'after')
      const [ended] = await Promise.all([plugging, unplugging])
      if (ended instanceof Error) assert(ended instanceof DriverError, `${ended}`)
      await trial().assertNothingLeft()
    }
  })

  test('[TIME-3] a plug that is aborted before it begins rejects with a DriverError, or ends as usual', async () => {
    const nic = await trial().newNic()
    await nic.call('plug_device', 'before', { signal: AbortSignal.abort() }).catch((error) => {
      assert(error instanceof DriverError, `${error}`)
    })
    await nic.call('unplug_device', 'after')
    await trial().assertNothingLeft()
  })
}
