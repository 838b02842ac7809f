// Checks of the verbs for migration, and of going back when one fails. They need two hosts.
import { type TestContext, test } from 'node:test'
import type { NicOnHost } from './nic-on-host.ts'
import { connectsNothing, oneHost } from './skip-reasons.ts'
import type { Trial } from './trial.ts'

export function describeMigration(trial: () => Trial): void {
  const check = (
    name: string,
    work: (nic: NicOnHost, peer: NicOnHost, arriving: NicOnHost) => Promise<void>,
    { looksAtFrames = false } = {},
  ) =>
    test(name, async (t: TestContext) => {
      if (!trial().other) return t.skip(oneHost)
      if (looksAtFrames && !trial().bed.carries) return t.skip(connectsNothing)
      const [nic, peer] = [await trial().plugged(), await trial().plugged()]
      await work(nic, peer, trial().place(nic.nic, trial().other, nic.domxml))
    })

  check(
    '[SOURCE-1] [DEST-1] [DEST-4] a VM that is about to move keeps its NIC wired',
    async (nic, peer, arriving) => {
      await nic.call('migration_source', 'before')
      await trial().assertWired(nic, peer)
      await arriving.call('migration_destination', 'before')
      await trial().assertWired(nic, peer)
    },
    { looksAtFrames: true },
  )

  check(
    '[DEST-1] [DEST-2] [DEST-3] [SOURCE-2] a VM that has moved is wired there, and nothing is left of it here',
    async (nic, peer, arriving) => {
      await nic.call('migration_source', 'before')
      await arriving.call('migration_destination', 'before')
      await nic.removeInterface()
      await arriving.makeInterface()
      await arriving.call('migration_destination', 'after')
      await trial().assertWired(arriving, peer)
      await nic.call('migration_source', 'after')
      await trial().assertWired(arriving, peer)
      await peer.unplug()
      await trial().assertNothingLeft(trial().host)
      await arriving.unplug()
      await trial().assertNothingLeft(trial().other)
    },
  )

  check('[CALL-4] the calls of a migration may be repeated', async (nic, peer, arriving) => {
    for (const _time of [1, 2]) await nic.call('migration_source', 'before')
    for (const _time of [1, 2]) await arriving.call('migration_destination', 'before')
    await nic.removeInterface()
    await arriving.makeInterface()
    for (const _time of [1, 2]) await arriving.call('migration_destination', 'after')
    for (const _time of [1, 2]) await nic.call('migration_source', 'after')
    await trial().assertWired(arriving, peer)
  })

  check(
    '[UNDO-4] a VM that does not move after all is wired as before',
    async (nic, peer) => {
      await nic.call('migration_source', 'before')
      await nic.call('plug_device', 'after')
      await trial().assertWired(nic, peer)
    },
    { looksAtFrames: true },
  )

  check(
    '[UNDO-5] a VM that does not arrive leaves nothing there, before its interface was made',
    async (nic, peer, arriving) => {
      await arriving.call('migration_destination', 'before')
      await arriving.call('unplug_device', 'after')
      await trial().assertNothingLeft(trial().other)
      await trial().assertWired(nic, peer)
    },
  )

  check(
    '[UNDO-5] a VM that does not arrive leaves nothing there, after its NIC was wired',
    async (nic, peer, arriving) => {
      await arriving.call('migration_destination', 'before')
      await arriving.makeInterface()
      await arriving.call('migration_destination', 'after')
      await arriving.removeInterface()
      await arriving.call('unplug_device', 'after')
      await trial().assertNothingLeft(trial().other)
      await trial().assertWired(nic, peer)
    },
  )
}
