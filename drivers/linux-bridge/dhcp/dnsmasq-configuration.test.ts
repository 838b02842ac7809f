import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DhcpSubnet, dnsmasqConfiguration, dnsmasqHosts } from './dnsmasq-configuration.ts'

const files = { hosts: '/state/hosts', pid: '/state/pid' }
const subnet: DhcpSubnet = { id: 'sub-1', cidr: '10.1.0.0/20', gateway: '10.1.0.1', dnsServers: [], hostRoutes: [] }
const linesFor = (...subnets: DhcpSubnet[]) =>
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
  const fixedIps = ['10.1.0.5', '10.2.0.5'].map((ip_address) => ({ subnet_id: 'sub', ip_address }))
  const guests = [
    { ...attachment, mac: '02:00:00:00:00:01', fixedIps },
    { ...attachment, mac: '02:00:00:00:00:02', fixedIps: [] },
  ]
  assert.equal(dnsmasqHosts(guests), '02:00:00:00:00:01,10.1.0.5\n02:00:00:00:00:01,10.2.0.5\n')
})
