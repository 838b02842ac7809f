// A NIC that cannot be wired: the plug fails within its bound and names the step that is missing, and an unplug leaves
// nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError, type DriverErrorKind } from '@patchbay/vif-driver/driver-error.ts'
import { until } from '../../lab/until.ts'
import { type OvnNic, ovnTrial, skip } from './testing/ovn-trial.ts'

const current = ovnTrial()

test('ovn-controller does not run', { skip }, async () => {
  const { chassis } = current()
  await chassis.controller.kill()
  try {
    await failedPlug(
      'not-wired',
      /^port \S+ was not wired: this chassis, host-a, has not claimed it: does ovn-controller/,
    )
  } finally {
    await chassis.controller.start()
  }
})

test('OVN has no such port', { skip }, async () => {
  const { bed } = current()
  await failedPlug('port-not-found', /^OVN has no port \S+$/, ({ portId }) => bed.ovn.central.nbctl('lsp-del', portId))
})

test('OVN wants the port on another chassis', { skip }, async () => {
  const { bed } = current()
  const message = /OVN wants it on host-b \(requested-chassis\), not on this chassis, host-a$/
  await failedPlug('not-wired', message, ({ on }) => bed.request(on.nic, ['host-b']))
})

test('the guest has not taken its end of the interface', { skip }, async () => {
  const message = /was not wired: tap\S+ has no carrier/
  await failedPlug('not-wired', message, ({ guest }) => guest.exec(['ip', 'link', 'set', 'eth0', 'down']))
})

test('ovs-vswitchd does not run', { skip }, async () => {
  const { chassis } = current()
  await chassis.vswitchd.kill()
  try {
    await failedPlug('not-wired', /ovs-vswitchd has not taken tap\S+: does it run\?$/)
  } finally {
    await chassis.vswitchd.start()
  }
})

test('Open vSwitch has no database: both phases say so, and so does an unplug, which has to be repeated', {
  skip,
}, async () => {
  const { bed, chassis, host, trial } = current()
  const [plugging, leaving] = [await current().withInterface(), await trial.plugged()]
  const fresh = await trial.newNic()
  const expected = { kind: 'host-setup', message: /^Open vSwitch's database: .*ECONNREFUSED.* Does ovsdb-server run/ }
  await chassis.database.kill()
  try {
    await Promise.all([
      assert.rejects(fresh.call('plug_device', 'before'), expected),
      assert.rejects(plugging.on.call('plug_device', 'after'), expected),
      assert.rejects(leaving.call('unplug_device', 'after'), expected),
    ])
  } finally {
    await chassis.database.start()
  }
  await trial.tidy()
  assert.deepEqual(await bed.ovn.leftOn(host.lab), [])
})

test('the host has no bridge of OVN', { skip }, async () => {
  const { chassis, trial } = current()
  const nic = await trial.newNic()
  await chassis.controller.kill()
  await chassis.vsctl('set', 'Open_vSwitch', '.', 'external_ids:ovn-bridge=br-other')
  try {
    const expected = { kind: 'host-setup', message: /has no bridge br-other: does ovn-controller run/ }
    await assert.rejects(nic.call('plug_device', 'before'), expected)
  } finally {
    await chassis.vsctl('remove', 'Open_vSwitch', '.', 'external_ids', 'ovn-bridge')
    await chassis.controller.start()
  }
})

test('the statistics say whether a NIC carries frames, and what is missing when it does not', { skip }, async () => {
  const { host, trial } = current()
  const on = await trial.plugged()
  const { properties } = on.nic
  const tap = `tap${properties.vnic_id.slice(0, 11)}`
  const stats = { network: { [tap]: { name: tap, state: 'unknown' }, vnet9: { state: 'unknown' } } }
  const shown = async () => {
    const { network } = await trial.driverOn(host).get_stats!(stats, properties, on.state)
    return network as Record<string, { state: string; stateDetail?: string }>
  }
  const { [tap]: own, ...others } = await shown()
  assert.deepEqual([own?.state, own?.stateDetail, others], ['up', undefined, { vnet9: { state: 'unknown' } }])
  await host.guestOf(on.nic).exec(['ip', 'link', 'set', 'eth0', 'down'])
  assert(await until(async () => (await shown())[tap]!.state === 'down', 30_000))
  assert.match((await shown())[tap]!.stateDetail!, /^tap\S+ has no carrier: does the guest have its end\?$/)
})

/**
 * Of a plug by an impatient driver, as often as an earlier step is still under way. Checks what comes with every failure:
 * the bound, and an unplug that leaves nothing.
 */
async function failedPlug(
  kind: DriverErrorKind,
  message: RegExp,
  spoil: (nic: OvnNic) => Promise<unknown> = async () => {},
): Promise<void> {
  const { host, bed, impatient } = current()
  const nic = await current().withInterface()
  await spoil(nic)
  // No chassis wires by what OVN said before.
  await bed.ovn.central.nbctl('--wait=sb', 'sync')
  nic.on.use(await impatient())
  let error = new Error()
  const isTold = async () => {
    error = await nic.on.call('plug_device', 'after').then(
      () => assert.fail('it was plugged'),
      (error) => error,
    )
    assert(error instanceof DriverError, error.stack)
    return error.kind === kind && message.test(error.message)
  }
  assert(await until(isTold, 20_000), error.message)
  await nic.on.removeInterface().catch(() => {})
  await nic.on.call('unplug_device', 'after')
  assert.deepEqual(await bed.ovn.leftOn(host.lab), [])
}
