// Checks of get_caps and get_stats: they add, and touch nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DriverAbilities, driverFeatures } from '../driver-capabilities.ts'
import { readInterface } from '../interface-xml.ts'
import { saysNoFeatures, saysNoId, withoutVerb } from './skip-reasons.ts'
import type { Trial } from './trial.ts'

export function describeReports(trial: () => Trial): void {
  test('[CAPS-1] get_caps answers the capabilities with its additions alone', async (t) => {
    const driver = trial().driverOn(trial().host)
    if (!driver.get_caps) return t.skip(withoutVerb('get_caps'))
    const caps = { hostName: 'host', nics: { eth0: { mtu: '1500' } }, openstack_binding_host_ids: { SOMEBODY: 'else' } }
    const given = structuredClone(caps)
    assert.partialDeepStrictEqual(await driver.get_caps(given), caps)
    assert.deepEqual(given, caps, 'what was handed over is not to be changed')
    assert.deepEqual(await driver.get_caps(await driver.get_caps(caps)), await driver.get_caps(caps))
  })

  test("[CAPS-2] get_caps says the host's id, if any, for each of its plugin types", async (t) => {
    const driver = trial().driverOn(trial().host)
    if (!driver.get_caps) return t.skip(withoutVerb('get_caps'))
    const ids = (await driver.get_caps({})).openstack_binding_host_ids as Record<string, unknown> | undefined
    if (ids === undefined) return t.skip(saysNoId)
    assert.deepEqual(Object.keys(ids).sort(), [...driver.manifest.pluginTypes].sort())
    for (const id of Object.values(ids)) assert.match(String(id), /\S/)
  })

  test('[CAPS-4] get_caps says what the driver can do, if anything, in the words of the page', async (t) => {
    const driver = trial().driverOn(trial().host)
    if (!driver.get_caps) return t.skip(withoutVerb('get_caps'))
    const said = (await driver.get_caps({})).vif_driver_features as Record<string, DriverAbilities> | undefined
    if (said === undefined) return t.skip(saysNoFeatures)
    assert.deepEqual(Object.keys(said).sort(), [...driver.manifest.pluginTypes].sort())
    for (const { network_types, features } of Object.values(said)) {
      assert(network_types.every((type) => typeof type === 'string'))
      assert.deepEqual(
        features.filter((feature) => !driverFeatures.includes(feature)),
        [],
      )
    }
  })

  test('[STATS-1] get_stats answers the statistics with its additions alone', async (t) => {
    const nic = await trial().plugged()
    const driver = trial().driverOn(trial().host)
    if (!driver.get_stats) return t.skip(withoutVerb('get_stats'))
    const { mac = '', targetDev = 'vnet0' } = readInterface(nic.domxml)
    const ofOther = { name: 'vnet99', macAddr: '02:00:00:00:00:99', rx: '1', tx: '2', state: 'unknown' }
    const ofNic = { name: targetDev, macAddr: mac, rx: '3', tx: '4' }
    const stats = { vmId: nic.nic.properties.vmId, status: 'Up', network: { vnet99: ofOther, [targetDev]: ofNic } }
    const given = structuredClone(stats)
    assert.partialDeepStrictEqual(await driver.get_stats(given, nic.nic.properties, nic.state), stats)
    assert.deepEqual(given, stats, 'what was handed over is not to be changed')
  })

  test('[STATS-2] get_stats bears statistics that do not show the NIC', async (t) => {
    const nic = await trial().newNic()
    const driver = trial().driverOn(trial().host)
    if (!driver.get_stats) return t.skip(withoutVerb('get_stats'))
    const { properties } = nic.nic
    const stats = { vmId: properties.vmId, status: 'Down' }
    assert.partialDeepStrictEqual(await driver.get_stats(stats, properties, undefined), stats)
  })

  test('[REPORT-1] get_caps and get_stats change nothing on the host', async () => {
    const nic = await trial().plugged()
    const driver = trial().driverOn(trial().host)
    const before = await trial().host.traces()
    await driver.get_caps?.({})
    await driver.get_stats?.({}, nic.nic.properties, nic.state)
    assert.deepEqual(await trial().host.traces(), before)
  })
}
