import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Link } from '../network-setup/kernel-links.ts'
import { nothingSetUp } from '../network-setup/network-configuration.ts'
import { describeNetwork, type NetworkFacts } from './network-caps.ts'

const link = (ifname: string, more: Partial<Link> = {}): Link => ({
  ifname,
  address: '52:54:00:00:00:01',
  mtu: 1500,
  link_type: 'ether',
  addr_info: [],
  ...more,
})
const of = (info_kind: string, info_data: Record<string, unknown> = {}): Partial<Link> => ({
  linkinfo: { info_kind, info_data },
})
const ipv4 = { family: 'inet', local: '192.0.2.5', prefixlen: 24, scope: 'global' }

function describe(links: readonly Link[], more: Partial<NetworkFacts> = {}): any {
  const facts = {
    configuration: nothingSetUp,
    defaultRoutes: [],
    defaultRoutes6: [],
    nameservers: [],
    supportsIPv6: true,
    speedOf: () => 1000,
  }
  return describeNetwork({ ...facts, ...more, links })
}

test('a NIC has the keys and types of VDSM', () => {
  const addresses = [
    ipv4,
    { family: 'inet6', local: 'fd00::5', prefixlen: 64, scope: 'global' },
    { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link' },
  ]
  const routes = { defaultRoutes: [{ dev: 'eth0', gateway: '192.0.2.1' }], defaultRoutes6: [{ dev: 'eth9' }] }
  const { nics } = describe([link('lo', { link_type: 'loopback' }), link('eth0', { addr_info: addresses })], routes)
  assert.deepEqual(nics, {
    eth0: {
      hwaddr: '52:54:00:00:00:01',
      speed: 1000,
      mtu: '1500',
      addr: '192.0.2.5',
      netmask: '255.255.255.0',
      ipv4addrs: ['192.0.2.5/24'],
      ipv6addrs: ['fd00::5/64'],
      gateway: '192.0.2.1',
      ipv6gateway: '::',
      ipv4defaultroute: true,
      dhcpv4: false,
      dhcpv6: false,
      ipv6autoconf: false,
    },
  })
})

test('a NIC without addresses has empty texts', () => {
  const { eth0 } = describe([link('eth0')]).nics
  assert.deepEqual([eth0.addr, eth0.netmask, eth0.gateway, eth0.ipv6gateway], ['', '', '', '::'])
  assert.equal(eth0.ipv4defaultroute, false)
})

test('netmasks of all lengths', () => {
  const netmask = (prefixlen: number) =>
    describe([link('eth0', { addr_info: [{ ...ipv4, prefixlen }] })]).nics.eth0.netmask
  assert.deepEqual([0, 1, 8, 20, 24, 31, 32].map(netmask), [
    '0.0.0.0',
    '128.0.0.0',
    '255.0.0.0',
    '255.255.240.0',
    '255.255.255.0',
    '255.255.255.254',
    '255.255.255.255',
  ])
})

test('bridges, bonds and VLANs are each in their place, with what they are made of', () => {
  const caps = describe([
    link('eth0', { master: 'bond0' }),
    link('eth1', { master: 'bond0' }),
    link('bond0', { ...of('bond', { mode: 'active-backup', active_slave: 'eth0' }), master: 'ovirtmgmt' }),
    link('bond0.10', { ...of('vlan', { id: 10 }), link: 'bond0' }),
    link('ovirtmgmt', of('bridge', { stp_state: 1 })),
    link('plain', of('bridge', { stp_state: 0 })),
    link(';vdsmdummy;', of('bridge')),
  ])
  assert.deepEqual(Object.keys(caps.nics), ['eth0', 'eth1'])
  assert.deepEqual(Object.keys(caps.bridges), ['ovirtmgmt', 'plain'])
  assert.deepEqual(caps.bridges.ovirtmgmt.ports, ['bond0'])
  assert.equal(caps.bridges.ovirtmgmt.stp, 'on')
  assert.equal(caps.bridges.plain.stp, 'off')
  const { bond0 } = caps.bondings
  assert.deepEqual(bond0.slaves, ['eth0', 'eth1'])
  assert.equal(bond0.active_slave, 'eth0')
  assert.deepEqual(bond0.opts, { mode: 'active-backup' })
  assert.equal(bond0.switch, 'legacy')
  assert.deepEqual([caps.vlans['bond0.10'].iface, caps.vlans['bond0.10'].vlanid], ['bond0', 10])
})

test('taps of guests are no NICs; what VDSM shows as such, and the uplink of a host in a laboratory, are', () => {
  const { nics } = describe([
    link('vnet1', of('veth')),
    link('tap1', { ...of('veth'), master: 'br1', addr_info: [ipv4] }),
    link('underlay0', { ...of('veth'), addr_info: [ipv4] }),
    link('dummy_1', of('dummy')),
    link('dummy1', of('dummy')),
    link('veth_1', of('veth')),
    link('wlan0'),
    link('usb0'),
    link('vxlan1', of('vxlan')),
  ])
  assert.deepEqual(Object.keys(nics), ['underlay0', 'dummy_1', 'veth_1'])
})
