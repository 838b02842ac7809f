// What the driver tells of its host: by which name OVN knows it, and whether it is set up for OVN at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../lab/until.ts'
import { ovnTrial, skip } from './testing/ovn-trial.ts'

const current = ovnTrial()

test('a host is set up for OVN while it has a name there and knows the southbound database', { skip }, async () => {
  const { chassis, impatient } = current()
  const driver = await impatient()
  const caps = () => driver.get_caps!({ ovnConfigured: false, kept: 1 })
  const { openstack_binding_host_ids, ovnConfigured, kept } = await caps()
  assert.deepEqual([openstack_binding_host_ids, ovnConfigured, kept], [{ OVIRT_PROVIDER_OVN: 'host-a' }, true, 1])
  const remote = JSON.parse(await chassis.vsctl('get', 'Open_vSwitch', '.', 'external_ids:ovn-remote')) as string
  await chassis.vsctl('remove', 'Open_vSwitch', '.', 'external_ids', 'ovn-remote')
  try {
    assert.ok(await until(async () => (await caps()).ovnConfigured === false, 10_000))
  } finally {
    await chassis.vsctl('set', 'Open_vSwitch', '.', `external_ids:ovn-remote="${remote}"`)
  }
  assert.ok(await until(async () => (await caps()).ovnConfigured === true, 10_000))
})
