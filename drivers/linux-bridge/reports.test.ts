// What the driver adds to a host's capabilities and to a VM's statistics.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../lab/until.ts'
import { namesOf } from './network/names.ts'
import { linuxBridgeTrial, skip } from './testing/linux-bridge-trial.ts'

const current = linuxBridgeTrial()
const names = namesOf()

test("the capabilities say the host's id for the plugin type, beside those of other drivers", { skip }, async () => {
  const { trial, hosts } = current()
  const others = { openstack_binding_host_ids: { OVN: 'chassis-1' }, hostName: 'a' }
  assert.deepEqual(await trial.driverOn(hosts[0]).get_caps!(others), {
    openstack_binding_host_ids: { OVN: 'chassis-1', LINUX_BRIDGE: 'host-a' },
    vif_driver_features: {
      LINUX_BRIDGE: {
        network_types: ['vxlan'],
        features: [
          'allowed-address-pairs',
          'dhcp',
          'dhcpv6',
          'ipv6',
          'migration',
          'mtu',
          'port-security',
          'statistics',
        ],
      },
    },
    hostName: 'a',
  })
})

test('id and plugin types can be configured', { skip }, async () => {
  const { hosts } = current()
  const { driver, kill } = await hosts[0].startDriver({
    'binding-host-id': 'a.example',
    'plugin-types': ['BLUE', 'RED'],
  })
  assert.deepEqual(driver.manifest.pluginTypes, ['BLUE', 'RED'])
  const { openstack_binding_host_ids: ids, vif_driver_features: features } = await driver.get_caps!({})
  assert.deepEqual(ids, { BLUE: 'a.example', RED: 'a.example' })
  assert.deepEqual(Object.keys(features as object), ['BLUE', 'RED'])
  await kill()
})

test('a host says that it answers for neighbours only where it is told where they are', { skip }, async () => {
  const { hosts } = current()
  for (const [options, does] of [
    [{ peers: 'provider' }, true],
    [{ peers: [] }, false],
  ] as const) {
    const { driver, kill } = await hosts[0].startDriver(options)
    const { vif_driver_features: said } = await driver.get_caps!({})
    const { features } = (said as Record<string, { features: string[] }>).LINUX_BRIDGE!
    assert.equal(features.includes('neighbour-answers'), does, JSON.stringify(options))
    await kill()
  }
})

test('the statistics say whether a NIC forwards', { skip }, async () => {
  const { plugged, trial, hosts } = current()
  const { guest, nic, on } = await plugged()
  const tap = names.tap(nic.port.id)
  const stats = { network: { [tap]: { name: tap, state: 'unknown', rx: '1' }, vnet9: { state: 'unknown' } } }
  const shown = async () => (await trial.driverOn(hosts[0]).get_stats!(stats, nic.properties, on.state)).network
  assert.deepEqual(await shown(), { [tap]: { name: tap, state: 'up', rx: '1' }, vnet9: { state: 'unknown' } })
  await guest.exec(['ip', 'link', 'set', 'eth0', 'down'])
  const own = async () => ((await shown()) as Record<string, { state: string; stateDetail?: string }>)[tap]!
  assert(await until(async () => (await own()).state === 'down', 30_000))
  assert.match((await own()).stateDetail!, /^\S+ does not forward: has it a carrier\?$/)
})
