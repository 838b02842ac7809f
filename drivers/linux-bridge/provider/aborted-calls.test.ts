// Calls whose time is over while the provider keeps them waiting: the unplug that follows has the last word.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NicOnHost } from '@patchbay/vif-driver/conformance/nic-on-host.ts'
import { labNic } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { until } from '../../../lab/until.ts'
import { assertRefused } from '../testing/assert-refused.ts'
import { portOn, startCannedProvider } from '../testing/canned-provider.ts'
import { driverWith, linuxBridgeTrial, skip } from '../testing/linux-bridge-trial.ts'

const current = linuxBridgeTrial()

test('a plug that waits for the provider when its time is over makes nothing afterwards', { skip }, async (t) => {
  const { bed, trial, hosts } = current()
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const facts = portOn({ 'provider:network_type': 'vxlan', 'provider:segmentation_id': 4242 })
  const url = await startCannedProvider(t, bed.lab.address, async (path, method) => {
    asked.resolve()
    if (method === 'GET') await answered.promise
    return facts(path)
  })
  const on = trial.place(nicOf('port-1'), hosts[0])
  on.use(await driverWith(t, hosts[0], { url }))
  const controller = new AbortController()
  const plugging = on.call('plug_device', 'before', { signal: controller.signal })
  await asked.promise
  controller.abort()
  await on.call('unplug_device', 'after')
  answered.resolve()
  await assertRefused(plugging, 'timeout', /time/)
  await trial.assertNothingLeft()
  on.use(trial.driverOn(hosts[0]))
})

test('a port is unplugged while the provider does not answer, and it hears of that when it does', {
  skip,
}, async (t) => {
  const { bed, trial, hosts } = current()
  let isSilent = false
  const heard: string[] = []
  const facts = portOn({ 'provider:network_type': 'vxlan', 'provider:segmentation_id': 4242 })
  const url = await startCannedProvider(t, bed.lab.address, (path, method) => {
    if (isSilent) return undefined
    if (path.endsWith('/wires/host-a')) heard.push(method)
    return facts(path)
  })
  const on = trial.place(nicOf('port-1'), hosts[0])
  on.use(await driverWith(t, hosts[0], { url, timeout: 1 }))
  await on.plug()
  isSilent = true
  await on.unplug()
  assert.deepEqual(heard, ['PUT'])
  isSilent = false
  assert.ok(await until(() => heard.length > 1, 30_000))
  assert.deepEqual(heard, ['PUT', 'DELETE'])
  await trial.assertNothingLeft(hosts[0], 30_000)
  on.use(trial.driverOn(hosts[0]))
})

test('the provider hears of an unplug only after it has heard of the plug that was aborted', { skip }, async (t) => {
  const { bed, trial, hosts } = current()
  const heard: string[] = []
  const [arrived, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const facts = portOn({ 'provider:network_type': 'vxlan', 'provider:segmentation_id': 4242 })
  const url = await startCannedProvider(t, bed.lab.address, async (path, method) => {
    if (!path.endsWith('/wires/host-a')) return facts(path)
    heard.push(`${method} arrived`)
    if (method === 'PUT') {
      arrived.resolve()
      await answered.promise
    }
    heard.push(`${method} answered`)
    return { status: 200, body: '{}' }
  })
  const driver = await driverWith(t, hosts[0], { url })
  const [on, other] = ['port-1', 'port-2'].map((id) => {
    const one = trial.place(nicOf(id), hosts[0])
    one.use(driver)
    return one
  }) as [NicOnHost, NicOnHost]
  await on.call('plug_device', 'before')
  await on.makeInterface()
  const controller = new AbortController()
  const plugging = on.call('plug_device', 'after', { signal: controller.signal })
  await arrived.promise
  controller.abort()
  await on.removeInterface()
  const unplugging = on.call('unplug_device', 'after')
  // A call that was made later has been to the provider and back: by then the unplug might have been heard as well.
  await other.call('plug_device', 'before')
  answered.resolve()
  await Promise.all([plugging, unplugging])
  assert.deepEqual(heard, ['PUT arrived', 'PUT answered', 'DELETE arrived', 'DELETE answered'])
  await other.call('unplug_device', 'after')
  await trial.assertNothingLeft()
  for (const one of [on, other]) one.use(trial.driverOn(hosts[0]))
})

/** Of a port at a canned provider. */
const nicOf = (id: string) => labNic({ id, mac: '02:00:00:00:00:01', addresses: [], pluginType: 'LINUX_BRIDGE' })
