// What a NIC needs ends and comes back, at any moment: a plug under way goes on, NICs that were plugged are wired again,
// and of a plug by a driver that was killed an unplug leaves nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../../lab/until.ts'
import { ovnTrial, skip } from './testing/ovn-trial.ts'

const current = ovnTrial()
const settleMs = 60_000

for (const part of ['database', 'vswitchd', 'controller'] as const) {
  test(`a plug goes on when the ${part} is killed and comes back, and other NICs are wired again`, {
    skip,
  }, async () => {
    const { bed, chassis, host, trial } = current()
    const other = await trial.plugged()
    const { on } = await current().withInterface()
    await chassis[part].kill()
    const plugging = on.call('plug_device', 'after')
    await chassis[part].start()
    await plugging
    assert.ok(await until(() => bed.carries!(on, other), settleMs), 'they do not reach each other')
    for (const nic of [on, other]) await nic.unplug()
    assert.deepEqual(await bed.ovn.leftOn(host.lab), [])
  })
}

test('a database that ends in the middle of plugs and unplugs: repeated, each is done once', { skip }, async () => {
  const { bed, chassis, host, trial } = current()
  const [leaving, coming] = [await trial.plugged(), await current().withInterface()]
  await leaving.removeInterface()
  const work = [leaving.call('unplug_device', 'after'), coming.on.call('plug_device', 'after')]
  await chassis.database.kill()
  await chassis.database.start()
  await Promise.all(work)
  const { tap } = coming.guest
  assert.deepEqual(await bed.ovn.leftOn(host.lab), [`port ${tap} of br-int`])
})

test('of a plug by a driver that was killed at any moment, an unplug leaves nothing', { skip }, async () => {
  const { bed, host, trial } = current()
  const usualMs = await timeOfPlug()
  for (const fraction of [0, 0.1, 0.2, 0.4, 0.8]) {
    const { on } = await current().withInterface()
    const plugging = on.call('plug_device', 'after').catch(() => {})
    // Nothing announces these moments.
    await delay(usualMs * fraction)
    await trial.restart(host)
    await plugging
    await on.removeInterface()
    await on.call('unplug_device', 'after')
    assert.deepEqual(await bed.ovn.leftOn(host.lab), [], `killed after ${fraction} of a plug`)
  }
})

test('a plug that is aborted while it waits ends at once, and an unplug at the same time leaves nothing', {
  skip,
}, async () => {
  const { bed, chassis, host } = current()
  await chassis.controller.kill()
  try {
    const { on } = await current().withInterface()
    const controller = new AbortController()
    const plugging = on.call('plug_device', 'after', { signal: controller.signal })
    assert.ok(await until(async () => (await bed.ovn.leftOn(host.lab)).length === 1, settleMs), 'it has no port')
    controller.abort()
    await Promise.all([
      assert.rejects(plugging, { name: 'DriverError', kind: 'timeout' }),
      on.call('unplug_device', 'after'),
    ])
    assert.deepEqual(await bed.ovn.leftOn(host.lab), [])
  } finally {
    await chassis.controller.start()
  }
})

async function timeOfPlug(): Promise<number> {
  const { on } = await current().withInterface()
  const begun = performance.now()
  await on.call('plug_device', 'after')
  const usualMs = performance.now() - begun
  await on.unplug()
  return usualMs
}
