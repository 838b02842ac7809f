// A subnet and its DHCP options: what OVN tells the guests, and that the same subnet is read from the row.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import { changed, inserted, type TestRow } from '../testing/rows.ts'
import { insertSubnet, readSubnet, updateSubnet } from './subnet-rows.ts'

const mtu = 1400
const plain: Subnet = {
  id: '0b2e9b0e-7a36-4ad7-8a5e-1f0c6f6f4d11',
  name: 'red-v4',
  description: '',
  tenant_id: 'p1',
  project_id: 'p1',
  network_id: '6e4ee5a4-14dd-4ee1-a0a5-5c4e0f4a5f5e',
  ip_version: 4,
  cidr: '10.1.0.0/24',
  gateway_ip: '10.1.0.1',
  allocation_pools: [{ start: '10.1.0.10', end: '10.1.0.20' }],
  enable_dhcp: true,
  dns_nameservers: [],
  host_routes: [],
  ipv6_ra_mode: null,
  ipv6_address_mode: null,
  tags: [],
  created_at: '2026-11-22T10:00:00Z',
  updated_at: '2026-11-22T11:00:00Z',
  revision_number: 3,
}
const rowOf = (subnet: Subnet): TestRow => inserted([insertSubnet({ subnet, mtu })], 'DHCP_Options')
const route = { destination: '10.9.0.0/16', nexthop: '10.1.0.254' }
const { server_mac } = rowOf(plain).options
const always = { server_id: '10.1.0.1', server_mac, lease_time: '86400', mtu: '1400' }
const router = '10.1.0.1'

const told: [what: string, change: Partial<Subnet>, options: Record<string, string>][] = [
  ['gateway and MTU', {}, { ...always, router }],
  ['no gateway: another server, and no router', { gateway_ip: null }, { ...always, server_id: '169.254.67.67' }],
  ['one name server', { dns_nameservers: ['8.8.8.8'] }, { ...always, router, dns_server: '8.8.8.8' }],
  [
    'name servers in their order',
    { dns_nameservers: ['9.9.9.9', '8.8.8.8'] },
    { ...always, router, dns_server: '{9.9.9.9, 8.8.8.8}' },
  ],
  [
    'routes, the default one with them: a client that takes routes ignores the router',
    { host_routes: [route] },
    { ...always, router, classless_static_route: '{10.9.0.0/16,10.1.0.254, 0.0.0.0/0,10.1.0.1}' },
  ],
  [
    'routes without a gateway',
    { host_routes: [route], gateway_ip: null },
    { ...always, server_id: '169.254.67.67', classless_static_route: '{10.9.0.0/16,10.1.0.254}' },
  ],
  ['no DHCP: nothing, so that OVN answers nobody', { enable_dhcp: false, dns_nameservers: ['8.8.8.8'] }, {}],
]

for (const [what, change, options] of told)
  test(`guests are told ${what}`, () => {
    const subnet = { ...plain, ...change }
    const row = rowOf(subnet)
    assert.deepEqual(row.options, options)
    assert.deepEqual(readSubnet(row as never), subnet)
  })

test('the server has an address of its own in each subnet, always the same and locally administered', () => {
  assert.match(server_mac, /^02(:[0-9a-f]{2}){5}$/)
  assert.equal(rowOf({ ...plain, name: 'other' }).options.server_mac, server_mac)
  assert.notEqual(rowOf({ ...plain, id: plain.network_id }).options.server_mac, server_mac)
})

const updates: [what: string, change: Partial<Subnet>, mtu: number][] = [
  ['DHCP off', { enable_dhcp: false }, mtu],
  ['another MTU', {}, 1300],
  ['no gateway', { gateway_ip: null }, mtu],
  ['another name', { name: 'blue' }, mtu],
  ['other pools', { allocation_pools: [{ start: '10.1.0.30', end: '10.1.0.40' }] }, mtu],
]

for (const [what, change, newMtu] of updates)
  test(`an update to ${what} makes the row of a subnet made so, and leaves what others wrote`, () => {
    const row = rowOf(plain)
    const theirs = {
      options: { ...row.options, domain_name: '"x"' },
      external_ids: { ...row.external_ids, other: '1' },
    }
    const after = { ...plain, ...change }
    const written = changed({ ...row, ...theirs }, updateSubnet({ subnet: plain, mtu }, { subnet: after, mtu: newMtu }))
    const { patchbay_age: _, ...made } = inserted(
      [insertSubnet({ subnet: after, mtu: newMtu })],
      'DHCP_Options',
    ).external_ids
    const { patchbay_age, other, ...ids } = written.external_ids
    assert.deepEqual([ids, other], [made, '1'])
    const { domain_name, ...options } = written.options
    assert.deepEqual(options, inserted([insertSubnet({ subnet: after, mtu: newMtu })], 'DHCP_Options').options)
    assert.equal(domain_name, '"x"')
    assert.deepEqual(readSubnet(written as never), after)
  })

const ids = { ovirt_network_id: plain.network_id }
const dhcp = { server_id: '10.1.0.0', server_mac: '02:00:00:00:00:01', lease_time: '3600' }
const strangers: [what: string, row: object, expected: Partial<Subnet> | undefined][] = [
  [
    'of ovirt-provider-ovn',
    { options: { ...dhcp, router: '10.1.0.1', dns_server: '8.8.8.8' }, external_ids: { ...ids, ovirt_name: 'v4' } },
    { name: 'v4', gateway_ip: '10.1.0.1', dns_nameservers: ['8.8.8.8'], enable_dhcp: true, revision_number: 0 },
  ],
  ['without a router', { options: dhcp, external_ids: ids }, { gateway_ip: null, enable_dhcp: true }],
  ['without a server', { options: {}, external_ids: ids }, { enable_dhcp: false }],
  ['with a router that is no address', { options: { router: 'me' }, external_ids: ids }, { gateway_ip: null }],
  [
    'with pools of ours that are none',
    { options: dhcp, external_ids: { ...ids, patchbay: '{"allocation_pools":[{"start":"x"}]}' } },
    { allocation_pools: [{ start: '10.1.0.2', end: '10.1.0.254' }] },
  ],
  [
    'with pools of ours that overlap',
    {
      options: dhcp,
      external_ids: {
        ...ids,
        patchbay: JSON.stringify({ allocation_pools: Array(2).fill({ start: '10.1.0.5', end: '10.1.0.6' }) }),
      },
    },
    { allocation_pools: [{ start: '10.1.0.2', end: '10.1.0.254' }] },
  ],
  ['of no network', { options: dhcp, external_ids: {} }, undefined],
  ['of no CIDR that can be read', { cidr: '10.1.0.0', options: dhcp, external_ids: ids }, undefined],
]

for (const [what, row, expected] of strangers)
  test(`a row ${what} is ${expected ? 'a' : 'no'} subnet`, () => {
    const subnet = readSubnet({ _uuid: plain.id, cidr: plain.cidr, ...row } as never)
    if (!expected || !subnet) return assert.equal(subnet, expected)
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(subnet[key as keyof Subnet], value, key)
    assert.deepEqual([subnet.id, subnet.cidr, subnet.ip_version], [plain.id, plain.cidr, 4])
  })
