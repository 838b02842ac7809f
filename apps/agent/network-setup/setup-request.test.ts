import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConfiguration, checkRemovals } from './check-configuration.ts'
import { changedBy, nothingSetUp } from './network-configuration.ts'
import { readSetupRequest } from './setup-request.ts'

const read = (networks: object, bondings: object = {}, options: object = {}) =>
  readSetupRequest({ networks, bondings, options })

test('a request is handed to hooks as VDSM does: types made one, defaults filled in', () => {
  const asked = { nic: 'eth1', vlan: '20', bridged: 'false', mtu: '9000', ipaddr: '10.1.0.5', prefix: '24' }
  const bond = { nics: ['eth3', 'eth2', 'eth3'], options: 'mode=4 miimon=100' }
  const request = read(
    { underlay: { ...asked, custom: { underlay: 'yes' } }, old: { remove: 'true' } },
    { bond1: bond },
  )
  assert.deepEqual(request, {
    networks: {
      underlay: {
        nic: 'eth1',
        vlan: 20,
        bridged: false,
        mtu: 9000,
        bootproto: 'none',
        ipaddr: '10.1.0.5',
        netmask: '255.255.255.0',
        dhcpv6: false,
        ipv6autoconf: false,
        defaultRoute: false,
        nameservers: [],
        switch: 'legacy',
        custom: { underlay: 'yes' },
      },
      old: { remove: true },
    },
    bondings: { bond1: { nics: ['eth2', 'eth3'], options: 'mode=4 miimon=100', switch: 'legacy' } },
    options: { connectivityCheck: true, connectivityTimeout: 4, commitOnSuccess: false },
  })
  assert.deepEqual(readSetupRequest(JSON.parse(JSON.stringify(request))), request)
})

const nic = 'eth1'
for (const [what, code, networks, bondings] of [
  ['a list of networks', 21, [], {}],
  ['a network that is no object', 21, { red: 'eth1' }, {}],
  ['two things to be on', 21, { red: { nic, bonding: 'bond0' } }, {}],
  ['nothing to be on, and no bridge', 21, { red: { bridged: false } }, {}],
  ['an MTU that is none', 21, { red: { nic, mtu: 'big' } }, {}],
  ['a removal with more', 21, { red: { remove: true, nic } }, {}],
  ['an address and DHCP', 21, { red: { nic, bootproto: 'dhcp', ipaddr: '10.0.0.1', prefix: 8 } }, {}],
  ['another way to an address', 21, { red: { nic, bootproto: 'bootp' } }, {}],
  ['name servers beside the default network', 21, { red: { nic, nameservers: ['10.0.0.2'] } }, {}],
  ['a name server without an address', 22, { red: { nic, defaultRoute: true, nameservers: ['dns.example'] } }, {}],
  ['Open vSwitch', 21, { red: { nic, switch: 'ovs' } }, {}],
  ['a name of several lines', 27, { 'red\nlink del eth0': { nic } }, {}],
  ['a name that is an option', 27, { '-red': { nic } }, {}],
  ['a NIC of several words', 23, { red: { nic: 'eth1 up' } }, {}],
  ['a NIC that is a number', 23, { red: { nic: 1 } }, {}],
  ['a VLAN beyond', 26, { red: { nic, vlan: 4095 } }, {}],
  ['half an address', 22, { red: { nic, ipaddr: '10.1.0', netmask: '255.255.255.0' } }, {}],
  ['an address without its length', 22, { red: { nic, ipaddr: '10.1.0.5' } }, {}],
  ['a netmask with holes', 22, { red: { nic, ipaddr: '10.1.0.5', netmask: '255.0.255.0' } }, {}],
  ['a prefix beyond', 22, { red: { nic, ipaddr: '10.1.0.5', prefix: 33 } }, {}],
  ['a gateway alone', 22, { red: { nic, gateway: '10.1.0.1' } }, {}],
  ['an IPv6 address without its length', 22, { red: { nic, ipv6addr: 'fd00::1' } }, {}],
  ['an IPv6 gateway of IPv4', 22, { red: { nic, ipv6addr: 'fd00::1/64', ipv6gateway: '10.1.0.1' } }, {}],
  ['a bond without NICs', 21, {}, { bond0: { nics: [] } }],
  ['a bond with a strange name', 25, {}, { team0: { nics: [nic] } }],
  ['a bond with a strange option', 25, {}, { bond0: { nics: [nic], options: 'mode=1 up;down' } }],
  ['a bond that is not there', 25, { red: { bonding: 'bond0' } }, {}],
  ['a NIC of a bond', 24, { red: { nic } }, { bond0: { nics: [nic] } }],
  ['two bonds of a NIC', 24, {}, { bond0: { nics: [nic] }, bond1: { nics: [nic] } }],
  ['two networks on a NIC', 21, { red: { nic }, blue: { nic, bridged: false } }, {}],
  ['two default routes', 21, { red: { nic, defaultRoute: 1 }, blue: { nic, vlan: 2, defaultRoute: true } }, {}],
  ['a VLAN whose link has too long a name', 26, { red: { nic: 'enp0s31f6np1', vlan: 2000 } }, {}],
  ['a removal of what is not there', 27, { red: { remove: true } }, {}],
  ['a removal of a bond that is not there', 25, {}, { bond0: { remove: true } }],
] as const) {
  test(`${what} has VDSM's code ${code}`, () => {
    assert.throws(
      () => {
        const request = read(networks, bondings)
        checkRemovals(nothingSetUp, request)
        checkConfiguration(changedBy(nothingSetUp, request))
      },
      { name: 'VdsmError', code },
    )
  })
}

test('a bond that carries a network is not removed without it', () => {
  const before = changedBy(nothingSetUp, read({ red: { bonding: 'bond0' } }, { bond0: { nics: [nic] } }))
  assert.throws(() => checkRemovals(before, read({}, { bond0: { remove: true } })), { code: 31 })
  checkRemovals(before, read({ red: { remove: true } }, { bond0: { remove: true } }))
})
