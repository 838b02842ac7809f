// A network and its switch: what is written of it, and that the same network is read from it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import { changed, inserted } from '../testing/rows.ts'
import { insertNetwork, readNetwork, updateNetwork } from './network-rows.ts'

const maxMtu = 1442
const red: Network = {
  id: '6e4ee5a4-14dd-4ee1-a0a5-5c4e0f4a5f5e',
  name: 'red',
  description: 'for tests',
  tenant_id: 'p1',
  project_id: 'p1',
  admin_state_up: true,
  status: 'ACTIVE',
  mtu: 1400,
  shared: true,
  'router:external': false,
  port_security_enabled: true,
  'provider:network_type': 'geneve',
  'provider:physical_network': null,
  'provider:segmentation_id': null,
  subnets: [],
  tags: ['a', 'b'],
  created_at: '2026-11-22T10:00:00Z',
  updated_at: '2026-11-22T11:00:00Z',
  revision_number: 3,
}
const flat = { 'provider:network_type': 'flat', 'provider:physical_network': 'phys1' } as const
const vlan = { ...flat, 'provider:network_type': 'vlan', 'provider:segmentation_id': 100 } as const

const kinds: Record<string, [Partial<Network>, otherConfig: object, localnet: object | undefined]> = {
  'a tunnel that OVN numbers': [{}, {}, undefined],
  'a tunnel with a number': [{ 'provider:segmentation_id': 77 }, { 'requested-tnl-key': '77' }, undefined],
  'a flat network': [flat, {}, { options: { network_name: 'phys1' }, tag: null, type: 'localnet' }],
  'a VLAN': [vlan, {}, { options: { network_name: 'phys1' }, tag: 100, type: 'localnet' }],
  'without port security': [{ port_security_enabled: false }, {}, undefined],
}

for (const [name, [change, otherConfig, localnet]] of Object.entries(kinds))
  test(`${name}: the rows that it makes read as the same network`, () => {
    const network = { ...red, ...change }
    const operations = insertNetwork(network)
    const row = inserted(operations, 'Logical_Switch')
    const port = localnet && inserted(operations, 'Logical_Switch_Port')
    assert.deepEqual(row.other_config, otherConfig)
    assert.equal(operations.length, localnet ? 2 : 1)
    if (port) {
      const { options, tag, type } = port
      assert.deepEqual({ options, tag, type }, localnet)
      assert.deepEqual([row.ports, port.addresses], [[port._uuid], ['unknown']])
    }
    // Subnets are rows of their own.
    assert.deepEqual({ ...readNetwork(row as never, port as never, maxMtu), subnets: [] }, network)
  })

test('the names of ovirt-provider-ovn are used, and only what it has no name for is ours', () => {
  const { name, external_ids } = inserted(insertNetwork(red), 'Logical_Switch')
  assert.equal(name, 'red')
  const { ovirt_network_name, ovirt_port_security, mtu, patchbay } = external_ids
  assert.deepEqual(
    { ovirt_network_name, ovirt_port_security, mtu },
    {
      ovirt_network_name: 'red',
      ovirt_port_security: 'true',
      mtu: '1400',
    },
  )
  assert.deepEqual(
    Object.keys(JSON.parse(patchbay!)).filter((key) => ['name', 'mtu', 'id'].includes(key)),
    [],
  )
})

test('an update writes what is different, and leaves what others wrote', () => {
  const row = inserted(insertNetwork(red), 'Logical_Switch')
  const theirs = { ...row, external_ids: { ...row.external_ids, other: 'x' }, other_config: { mcast_snoop: 'true' } }
  const after = { ...red, name: 'blue', mtu: 1300, revision_number: 4 }
  const written = changed(theirs, updateNetwork(red, after))
  assert.deepEqual(readNetwork(written as never, undefined, maxMtu).name, 'blue')
  assert.deepEqual([written.name, written.external_ids.mtu], ['blue', '1300'])
  assert.deepEqual([written.external_ids.other, written.other_config], ['x', { mcast_snoop: 'true' }])
  assert.deepEqual(updateNetwork(red, red), [])
})

const strangers: [what: string, row: object, expected: Partial<Network>][] = [
  ['made by ovn-nbctl ls-add', { name: 'ls1' }, { name: 'ls1', mtu: maxMtu, port_security_enabled: false }],
  ['with an empty name of ours', { name: 'ls1', external_ids: { ovirt_network_name: '' } }, { name: 'ls1' }],
  [
    'made by ovirt-provider-ovn',
    { name: 'ovirt-red-5f', external_ids: { ovirt_network_name: 'red', mtu: '1300', ovirt_port_security: 'True' } },
    { name: 'red', mtu: 1300, port_security_enabled: true, revision_number: 0, project_id: '', tags: [] },
  ],
  ['with an MTU that is no number', { name: 'x', external_ids: { mtu: 'big' } }, { mtu: maxMtu }],
  [
    'with a tunnel number',
    { name: 'x', other_config: { 'requested-tnl-key': '9' } },
    { 'provider:segmentation_id': 9 },
  ],
  ['with broken JSON of ours', { name: 'x', external_ids: { patchbay: '{"na' } }, { name: 'x', description: '' }],
  ['with JSON that is no object', { name: 'x', external_ids: { patchbay: 'null' } }, { name: 'x', shared: false }],
]

for (const [what, row, expected] of strangers)
  test(`a switch ${what} is a network`, () => {
    const whole = { _uuid: red.id, ports: [], other_config: {}, external_ids: {}, ...row }
    const network = readNetwork(whole as never, undefined, maxMtu) as Partial<Network>
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(network[key as keyof Network], value, key)
    assert.deepEqual([network.id, network['provider:network_type'], network.status], [red.id, 'geneve', 'ACTIVE'])
  })
