// Two providers on the same hosts, each with an instance of the driver: as if they were alone, also where they chose the
// same numbers and addresses.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { VifDriver } from '@patchbay/vif-driver/contract.ts'
import type { LabBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { atOnce } from '@patchbay/vif-driver/testing/lab-guest.ts'
import { assertRefused } from '../testing/assert-refused.ts'
import { startBedProvider } from '../testing/bed-provider.ts'
import { nicOf } from '../testing/linux-bridge-bed.ts'
import { linuxBridgeTrial, type Placed, skip } from '../testing/linux-bridge-trial.ts'
import { leaseOf } from '../testing/udhcpc.ts'
import { namesOf } from './names.ts'

const current = linuxBridgeTrial()
const [names, redNames] = [namesOf(), namesOf('red')]

test('two providers whose networks have the same VNI and addresses do not hear each other', { skip }, async () => {
  const { bed, plugged, trial, hosts } = current()
  await using red = await startRed({ 'vxlan-port': 4790 })
  const blue = await bed.newNetwork()
  const network = await red.networkWith(blue['provider:segmentation_id']!)
  const at = (ip_address: string) => ({ fixed_ips: [{ ip_address }] })
  const [blueNear, blueFar] = [
    await plugged({ network_id: blue.id, ...at('10.0.0.10') }),
    await plugged({ network_id: blue.id, ...at('10.0.0.20') }, hosts[1]),
  ]
  const redNear = await red.plugged(network, at('10.0.0.10'), hosts[0])
  const redFar = await red.plugged(network, at('10.0.0.30'), hosts[1])

  assert(await blueNear.guest.reaches('10.0.0.20'))
  assert(!(await blueNear.guest.reaches('10.0.0.30', atOnce)))
  assert(await redNear.guest.reaches('10.0.0.30'))
  assert(!(await redNear.guest.reaches('10.0.0.20', atOnce)))
  for (const { guest, nic } of [blueNear, redNear, redFar]) assert.equal((await leaseOf(guest))?.ip, nic.address)

  for (const { on } of [redNear, redFar]) await on.unplug()
  const kept = (await hosts[0].traces()).join('\n')
  for (const made of [
    `link ${redNames.bridge(network)}`,
    `link ${redNames.vxlan(network)}`,
    `namespace ${redNames.dhcpNamespace(network)}`,
    `table ${redNames.table}`,
    'driver-red/',
  ])
    assert(!kept.includes(made), made)
  assert(kept.includes(`table ${names.table}`))
  assert(await blueNear.guest.reaches('10.0.0.20'))
  for (const { on } of [blueNear, blueFar]) await on.unplug()
  for (const host of hosts) await trial.assertNothingLeft(host)
})

test("the last port of one provider leaves the other provider's ports as they are", { skip }, async () => {
  const { plugged, trial, hosts } = current()
  await using red = await startRed({ 'vxlan-port': 4790 })
  const network = await red.networkWith()
  const [near, far] = [await red.plugged(network, {}, hosts[0]), await red.plugged(network, {}, hosts[1])]
  const blue = await plugged()
  await blue.on.unplug()
  const kept = (await hosts[0].traces()).join('\n')
  assert(!kept.includes(`table ${names.table}`))
  assert(kept.includes(`table ${redNames.table}`))
  assert(await near.guest.reaches(far.nic.address))
  for (const { on } of [near, far]) await on.unplug()
  await trial.assertNothingLeft()
})

test('a VNI that two providers use on one UDP port is host-setup, and says what to change', { skip }, async () => {
  const { bed, plugged, trial, hosts } = current()
  await using red = await startRed({})
  const blue = await plugged()
  const network = await red.networkWith(bed.network['provider:segmentation_id']!)
  const placed = await red.placed(network, {}, hosts[0])
  await assertRefused(placed.on.call('plug_device', 'before'), 'host-setup', /another VXLAN device .* vxlan-port/)
  await placed.on.call('unplug_device', 'after')
  await blue.on.unplug()
  await trial.assertNothingLeft()
})

/** A provider beside the bed's, and an instance of the driver for it on each host. */
async function startRed(options: object) {
  const { bed, trial, hosts } = current()
  await using started = new AsyncDisposableStack()
  const provider = started.use(await startBedProvider(bed.lab.address, join(bed.lab.dir, 'red')))
  const drivers = new Map<LabBedHost, VifDriver>()
  for (const host of hosts) {
    const own = { 'plugin-types': ['RED'], provider: { url: provider.url }, ...options }
    const { driver, kill } = await host.startDriver(own, undefined, 'red')
    started.defer(kill)
    drivers.set(host, driver)
  }
  const { networks, subnets, ports } = provider.client
  const stack = started.move()
  const placed = async (network_id: string, port: object, host: LabBedHost): Promise<Placed> => {
    const nic = nicOf(await ports.create({ network_id, ...port }))
    const on = trial.place(nic, host)
    on.use(drivers.get(host)!)
    // What a failed test left is undone by the instance that made it, while it runs.
    stack.defer(() => on.unplug().finally(() => on.use(trial.driverOn(host))))
    return {
      nic,
      on,
      get guest() {
        return host.guestOf(nic)
      },
    }
  }
  return {
    async networkWith(vni?: number): Promise<string> {
      const { id } = await networks.create({ name: 'red', ...(vni && { 'provider:segmentation_id': vni }) })
      await subnets.create({ network_id: id, ip_version: 4, cidr: '10.0.0.0/16' })
      return id
    },
    placed,
    async plugged(network: string, port: object, host: LabBedHost): Promise<Placed> {
      const one = await placed(network, port, host)
      await one.on.plug()
      return one
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
