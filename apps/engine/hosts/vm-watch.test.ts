// What is waited for has a bound, and says how the VM was found at its end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostConnections } from './host-connections.ts'
import { createVmWatch } from './vm-watch.ts'

const hosts = { callAgain: async () => [{ status: 'WaitForLaunch' }] } as unknown as HostConnections

test('a VM that does not settle in time is a fault with its state on the host', async () => {
  const watch = createVmWatch(hosts)
  await assert.rejects(
    watch.until('h', 'v', -1, () => undefined),
    ({ key, status, message }: any) => {
      assert.deepEqual([key, status], ['VM_NOT_SETTLED', 400])
      return /still "WaitForLaunch" on its host/.test(message)
    },
  )
})

test('one that has settled is answered, however little time there was', async () => {
  assert.equal(await createVmWatch(hosts).until('h', 'v', -1, ({ status }) => status), 'WaitForLaunch')
})
