// A port and its switch port: what is written of it, and what is read from rows, whoever wrote them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import { changed, inserted } from '../testing/rows.ts'
import { deletePort, insertPort, readPort, updatePort } from './port-rows.ts'

const networkId = '6e4ee5a4-14dd-4ee1-a0a5-5c4e0f4a5f5e'
const subnets = [
  { id: '0b2e9b0e-7a36-4ad7-8a5e-1f0c6f6f4d11', cidr: parseCidr('10.1.0.0/24')! },
  { id: '1b2e9b0e-7a36-4ad7-8a5e-1f0c6f6f4d12', cidr: parseCidr('10.2.0.0/24')! },
  { id: '2b2e9b0e-7a36-4ad7-8a5e-1f0c6f6f4d13', cidr: parseCidr('fd00:1::/64')! },
]
const [v4, w4, v6] = subnets.map(({ id }) => id) as [string, string, string]
const mac = 'fa:16:3e:00:00:01'
const nic: Port = {
  id: '7c1dd5a0-3d9b-4a57-9c0b-9ad5f8f6a001',
  name: 'nic1',
  description: '',
  tenant_id: 'p1',
  project_id: 'p1',
  network_id: networkId,
  mac_address: mac,
  fixed_ips: [{ subnet_id: v4, ip_address: '10.1.0.7' }],
  device_id: 'vm1',
  device_owner: 'oVirt',
  admin_state_up: true,
  status: 'DOWN',
  security_groups: [],
  port_security_enabled: true,
  allowed_address_pairs: [],
  extra_dhcp_opts: [],
  'binding:host_id': '',
  'binding:vnic_type': 'normal',
  'binding:profile': { a: 'b' },
  wired_hosts: [],
  inactive_bindings: [],
  'binding:vif_type': 'unbound',
  'binding:vif_details': {},
  tags: ['t'],
  created_at: '2026-11-22T10:00:00Z',
  updated_at: '2026-11-22T11:00:00Z',
  revision_number: 3,
}
const both = [...nic.fixed_ips, { subnet_id: w4, ip_address: '10.2.0.8' }]
const bound = { 'binding:host_id': 'h1', 'binding:vif_type': 'ovs' } as const
const binding = (host: string, prepared: boolean) =>
  ({ host, vnic_type: 'normal', profile: { a: 1 }, prepared }) as const
const text = `${mac} 10.1.0.7`
const [web, byDefault] = ['3b1fb2c4-5d0c-4f0b-8a05-6a5d7c1f0001', '3b1fb2c4-5d0c-4f0b-8a05-6a5d7c1f0002']
/** `Default`: what ovirt-provider-ovn calls its default group. */
const groupOf = (word: string) => (word === 'Default' ? byDefault : [web, byDefault].find((id) => id === word))

const written: [what: string, change: Partial<Port>, columns: object][] = [
  ['secured', {}, { addresses: [text], port_security: [text], enabled: true, dhcpv4_options: v4, options: {} }],
  ['unsecured', { port_security_enabled: false }, { addresses: [text, 'unknown'], port_security: [] }],
  ['with two addresses', { fixed_ips: both }, { addresses: [`${text} 10.2.0.8`], dhcpv4_options: v4 }],
  ['with no address', { fixed_ips: [] }, { addresses: [mac], port_security: [mac], dhcpv4_options: null }],
  ['with IPv6 alone', { fixed_ips: [{ subnet_id: v6, ip_address: 'fd00:1::5' }] }, { dhcpv4_options: null }],
  ['in two security groups', { security_groups: [web, byDefault] }, { port_security: [text] }],
  ['down', { admin_state_up: false }, { enabled: false }],
  ['bound to a host', bound, { options: { 'requested-chassis': 'h1' } }],
  [
    'prepared at another',
    { ...bound, inactive_bindings: [binding('h2', true)] },
    { options: { 'requested-chassis': 'h1,h2', 'activation-strategy': 'rarp' } },
  ],
  [
    'that was at another',
    { ...bound, inactive_bindings: [binding('h2', false)] },
    { options: { 'requested-chassis': 'h1' } },
  ],
  ['prepared, and bound nowhere', { inactive_bindings: [binding('h2', true)] }, { options: {} }],
]

for (const [what, change, columns] of written)
  test(`a port ${what}: its row, and the same port from it`, () => {
    const port = { ...nic, ...change }
    const operations = insertPort(port)
    const row = inserted(operations, 'Logical_Switch_Port')
    for (const [column, value] of Object.entries(columns)) assert.deepEqual(row[column], value, column)
    assert.deepEqual([row.name, row._uuid], [nic.id, nic.id], 'what ovn-controller looks for')
    const { ovirt_nic_name, ovirt_device_id, ovirt_device_owner } = row.external_ids
    assert.deepEqual([ovirt_nic_name, ovirt_device_id, ovirt_device_owner], ['nic1', 'vm1', 'oVirt'])
    assert.deepEqual(readPort(row as never, networkId, subnets, groupOf), port)
    const before = inserted(insertPort(nic), 'Logical_Switch_Port')
    const { external_ids: theirs, ...updated } = changed(
      { ...before, external_ids: { ...before.external_ids, other: 'x' } },
      updatePort(nic, port),
    )
    const { external_ids, ...made } = row
    assert.deepEqual(updated, made, 'an update makes the same row')
    assert.deepEqual([theirs.other, theirs.patchbay], ['x', external_ids.patchbay])
  })

test('a port is its switch’s, and goes when it no longer is', () => {
  const where = [['_uuid', '==', networkId]]
  const membership = { op: 'mutate', table: 'Logical_Switch', where }
  assert.deepEqual(insertPort(nic)[1], { ...membership, mutations: [['ports', 'insert', nic.id]] })
  assert.deepEqual(deletePort(nic), { ...membership, mutations: [['ports', 'delete', nic.id]] })
})

type Read = [what: string, row: object, mac: string, ips: string[]]
const addresses: Read[] = [
  ['nothing', { addresses: [] }, '', []],
  ['unknown', { addresses: ['unknown'] }, '', []],
  ['a MAC alone', { addresses: [mac] }, mac, []],
  ['a MAC in capitals', { addresses: [mac.toUpperCase()] }, mac, []],
  ['several addresses in one', { addresses: [`${mac} 10.1.0.7 10.2.0.8`] }, mac, ['10.1.0.7', '10.2.0.8']],
  ['several texts', { addresses: [text, 'fa:16:3e:00:00:02 10.1.0.9'] }, mac, ['10.1.0.7', '10.1.0.9']],
  ['one address twice', { addresses: [`${text} 10.1.0.7`] }, mac, ['10.1.0.7']],
  ['unknown before a known one', { addresses: ['unknown', text] }, mac, ['10.1.0.7']],
  ['addresses of no subnet', { addresses: [`${mac} 10.7.0.1`] }, mac, []],
  ['IPv6 in another form', { addresses: [`${mac} FD00:1:0:0::5`] }, mac, ['fd00:1::5']],
  ['what is no address', { addresses: [`${mac} 10.1.0.999 router`] }, mac, []],
  ['dynamic, and OVN has given', { addresses: ['dynamic'], dynamic_addresses: text }, mac, ['10.1.0.7']],
  ['dynamic, and OVN has not yet', { addresses: ['dynamic'] }, '', []],
  ['a MAC and dynamic', { addresses: [`${mac} dynamic`], dynamic_addresses: text }, mac, ['10.1.0.7']],
  ['a MAC and dynamic, not yet', { addresses: [`${mac} dynamic`] }, mac, []],
  ['dynamic with an address', { addresses: ['dynamic 10.1.0.7'], dynamic_addresses: text }, mac, ['10.1.0.7']],
  ['dynamic with an address, not yet', { addresses: ['dynamic 10.1.0.7'] }, '', ['10.1.0.7']],
]
const bare = { name: 'vm1', type: '', options: {}, external_ids: {}, port_security: [], enabled: null, up: null }

for (const [what, row, expectedMac, ips] of addresses)
  test(`${what} in the addresses of somebody else's port`, () => {
    const port = readPort(
      { _uuid: nic.id, dynamic_addresses: null, ...bare, ...row } as never,
      networkId,
      subnets,
      groupOf,
    )
    assert.deepEqual([port.mac_address, port.fixed_ips.map(({ ip_address }) => ip_address)], [expectedMac, ips])
    assert.deepEqual([port.revision_number, port.tags, port.port_security_enabled], [0, [], false])
  })

const groups: [what: string, words: string | undefined, ids: string[]][] = [
  ['none', undefined, []],
  ['an empty text', '', []],
  ['two groups', `${web} ${byDefault}`, [web, byDefault]],
  ['the default group of ovirt-provider-ovn', 'Default', [byDefault]],
  ['a group that is gone, and one that is not', `${networkId} ${web}`, [web]],
]

for (const [what, ovirt_security_groups, ids] of groups)
  test(`${what} as the security groups of somebody else's port`, () => {
    const external_ids = ovirt_security_groups === undefined ? {} : { ovirt_security_groups }
    const port = readPort({ _uuid: nic.id, addresses: [], ...bare, external_ids } as never, networkId, [], groupOf)
    assert.deepEqual(port.security_groups, ids)
  })

const statuses: [row: object, status: string, isUp: boolean][] = [
  [{ up: true }, 'ACTIVE', true],
  [{ up: true, enabled: true }, 'ACTIVE', true],
  [{ up: true, enabled: false }, 'DOWN', false],
  [{ up: false }, 'DOWN', true],
  [{}, 'DOWN', true],
]

for (const [row, status, isUp] of statuses)
  test(`a row with ${JSON.stringify(row)} is a port that is ${status}`, () => {
    const port = readPort({ _uuid: nic.id, addresses: [], ...bare, ...row } as never, networkId, subnets, groupOf)
    assert.deepEqual([port.status, port.admin_state_up], [status, isUp])
  })

const names = [
  ['vm1', nic.id],
  [networkId, networkId],
  [networkId.toUpperCase(), nic.id],
  ['', nic.id],
] as const

for (const [name, id] of names)
  test(`a port named "${name}" is called ${id === nic.id ? 'by its uuid' : 'so, as ovirt-provider-ovn calls it'}`, () => {
    assert.equal(readPort({ _uuid: nic.id, addresses: [], ...bare, name } as never, networkId, [], groupOf).id, id)
  })

const chassis: [what: string, requested: string, own: unknown, hosts: object][] = [
  ['two hosts', 'h1,h2', undefined, { h2: true }],
  ['three hosts', 'h1,h2,h3', [binding('h3', true)], { h3: true, h2: true }],
  ['another host than was prepared', 'h1', [binding('h2', true)], {}],
  ['a host that was left', 'h1', [binding('h2', false)], { h2: false }],
  ['the host that was left', 'h2', [binding('h2', false)], {}],
  ['nothing where JSON says bindings', 'h1', [{ host: 5 }, 'x', null], {}],
  ['no list where JSON says bindings', 'h1', 'x', {}],
  ['empty names', 'h1,,', undefined, {}],
]

for (const [what, requested, own, hosts] of chassis)
  test(`${what} in the options of somebody's port are its bindings`, () => {
    const external_ids = { patchbay: JSON.stringify({ inactive_bindings: own }) }
    const row = { ...bare, addresses: [], options: { 'requested-chassis': requested }, external_ids }
    const port = readPort({ _uuid: nic.id, ...row } as never, networkId, subnets, groupOf)
    assert.equal(port['binding:host_id'], requested.split(',')[0])
    assert.deepEqual(Object.fromEntries(port.inactive_bindings.map((each) => [each.host, each.prepared])), hosts)
  })
