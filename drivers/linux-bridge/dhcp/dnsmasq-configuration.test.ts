import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dnsmasqConfiguration, dnsmasqHosts } from './dnsmasq-configuration.ts'
import { type ServedSubnet, servedSubnets } from './served-subnets.ts'

const files = { hosts: '/state/hosts', pid: '/state/pid' }
const subnet = {
  version: 4 as const,
  id: 'sub-1',
  cidr: '10.1.0.0/20',
  gateway: '10.1.0.1',
  dnsServers: [],
  hostRoutes: [],
}
const linesFor = (...subnets: ServedSubnet[]) =>
  dnsmasqConfiguration({ networkId: 'net-1', mtu: 1400, subnets }, files).split('\n')

test('a subnet is a static range that is found although the server has no address in it', () => {
  const lines = linesFor(subnet)
  assert(lines.includes('shared-network=dhcp,10.1.0.0'))
  assert(lines.includes('dhcp-range=set:sub-1,10.1.0.0,static,255.255.240.0,86400'))
})

test('the MTU is sent whether a guest asks for it or not', () => {
  assert(linesFor(subnet).includes('dhcp-option-force=option:mtu,1400'))
})

test('what a subnet has is an option, what it lacks is an option without a value', () => {
  const bare = { ...subnet, id: 'sub-2', gateway: null }
  const lines = linesFor({ ...subnet, dnsServers: ['10.1.0.53', '192.0.2.53'] }, bare)
  assert(lines.includes('dhcp-option=tag:sub-1,option:router,10.1.0.1'))
  assert(lines.includes('dhcp-option=tag:sub-1,option:dns-server,10.1.0.53,192.0.2.53'))
  assert(lines.includes('dhcp-option=tag:sub-2,option:router'))
  assert(lines.includes('dhcp-option=tag:sub-2,option:dns-server'))
})

test('host routes bring the default route along, where there is one', () => {
  const hostRoutes = [{ destination: '192.168.0.0/16', nexthop: '10.1.0.9' }]
  const routesOf = (gateway: string | null) =>
    linesFor({ ...subnet, gateway, hostRoutes }).find((line) => line.includes('classless-static-route'))
  assert.equal(
    routesOf('10.1.0.1'),
    'dhcp-option=tag:sub-1,option:classless-static-route,192.168.0.0/16,10.1.0.9,0.0.0.0/0,10.1.0.1',
  )
  assert.equal(routesOf(null), 'dhcp-option=tag:sub-1,option:classless-static-route,192.168.0.0/16,10.1.0.9')
})

test('a guest has a line for each of its addresses', () => {
  const attachment = { portId: 'port-1', networkId: 'net-1', portSecurity: true }
  const fixedIps = ['10.1.0.5', 'fd00::5'].map((ip_address) => ({ subnet_id: 'sub', ip_address }))
  const guests = [
    { ...attachment, mac: '02:00:00:00:00:01', fixedIps },
    { ...attachment, mac: '02:00:00:00:00:02', fixedIps: [] },
  ]
  assert.equal(dnsmasqHosts(guests), '02:00:00:00:00:01,10.1.0.5\n02:00:00:00:00:01,[fd00::5]\n')
})

const ipv6 = (ra: string | null, address: string | null, cidr = 'fd00::/64') =>
  servedSubnets([
    {
      id: 'sub-6',
      ip_version: 6,
      cidr,
      enable_dhcp: true,
      dns_nameservers: ['fd00::53'],
      ipv6_ra_mode: ra as never,
      ipv6_address_mode: address as never,
    },
  ])

test('an IPv6 subnet is served and announced as its two modes say', () => {
  const range = (ra: string | null, address: string | null) =>
    linesFor(...ipv6(ra, address)).find((line) => line.startsWith('dhcp-range=set:sub-6'))
  assert.equal(range('slaac', 'slaac'), 'dhcp-range=set:sub-6,fd00::,ra-only,64,86400')
  assert.equal(range('slaac', null), 'dhcp-range=set:sub-6,fd00::,ra-only,64,86400')
  assert.equal(range('dhcpv6-stateless', 'dhcpv6-stateless'), 'dhcp-range=set:sub-6,fd00::,ra-stateless,64,86400')
  assert.equal(range('dhcpv6-stateful', 'dhcpv6-stateful'), 'dhcp-range=set:sub-6,fd00::,static,64,86400')
  assert.equal(range(null, 'dhcpv6-stateful'), 'dhcp-range=set:sub-6,fd00::,static,64,86400')
  for (const [ra, address] of [
    [null, null],
    [null, 'slaac'],
    ['dhcpv6-stateful', null],
  ] as const)
    assert.equal(range(ra, address), undefined)
  assert.deepEqual(ipv6('dhcpv6-stateful', 'dhcpv6-stateful', 'fd00::/48'), [])
})

test('an announcement names the MTU and no router, and is made only where the subnet says so', () => {
  const announced = linesFor(...ipv6('slaac', 'slaac'))
  assert(announced.includes('enable-ra'))
  assert(announced.includes('ra-param=dhcp,mtu:1400,0,0'))
  assert(announced.includes('dhcp-option=tag:sub-6,option6:dns-server,[fd00::53]'))
  assert(!linesFor(...ipv6(null, 'dhcpv6-stateful')).includes('enable-ra'))
  assert(!linesFor(subnet).includes('enable-ra'))
})
