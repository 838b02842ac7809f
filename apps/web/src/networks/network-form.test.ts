// The form of a new network: its rules, and the request it makes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editMistakes, editRequest, editsOf } from './network-edits.ts'
import { blankNetwork, changedNetwork, networkMistakes, networkRequest } from './network-form.ts'

const form = { ...blankNetwork, dataCenterId: 'dc', name: 'blue' }
const external = { ...form, onProvider: true, providerId: 'p' }
const wrong = (change: object) => Object.keys(networkMistakes({ ...form, ...change })).sort()

test('each mistake is told at its field', () => {
  assert.deepEqual(wrong({}), [])
  assert.deepEqual(wrong({ dataCenterId: '', name: ' ', mtu: '67' }), ['dataCenterId', 'mtu', 'name'])
  assert.deepEqual(wrong({ name: 'bond0', mtu: '1500', hasVlan: true, vlanId: '4095' }), ['name', 'vlanId'])
  assert.deepEqual(wrong({ onProvider: true, physical: 'custom', hasSubnet: true }), [
    'physicalName',
    'providerId',
    'subnet',
  ])
  assert.deepEqual(wrong({ onProvider: true, providerId: 'p', physical: 'network' }), ['physicalNetworkId'])
})

test('a network on a provider is for virtual machines, and what hosts do for others is not for it', () => {
  const own = { ...form, vmNetwork: false, hasVlan: true, vlanId: '7', dnsServers: '10.0.0.1' }
  const onProvider = changedNetwork(own, { onProvider: true, providerId: 'p' })
  assert.deepEqual(
    [onProvider.vmNetwork, onProvider.hasVlan, onProvider.dnsServers, onProvider.portIsolation],
    [true, false, '', false],
  )
  assert.deepEqual(Object.keys(networkRequest(onProvider, [])).sort(), [
    'clusters',
    'comment',
    'data_center',
    'description',
    'external_provider',
    'mtu',
    'name',
    'port_security_enabled',
    'public_use',
    'usages',
  ])
})

test('physical networks: of the data center by id, others by name with their VLAN', () => {
  const known = networkRequest({ ...external, physical: 'network', physicalNetworkId: 'n' }, [])
  assert.deepEqual(known.external_provider_physical_network, { id: 'n' })
  const custom = networkRequest(
    {
      ...external,
      physical: 'custom',
      physicalName: 'physnet1',
      hasVlan: true,
      vlanId: '20',
    },
    [],
  )
  assert.deepEqual(
    [custom.external_provider_physical_network_name, custom.external_provider_vlan, custom.vlan],
    ['physnet1', { id: 20 }, undefined],
  )
})

test('undefined port security is not sent', () => {
  assert.equal(networkRequest(external, []).port_security_enabled, true)
  assert.equal(networkRequest({ ...external, portSecurity: 'disabled' }, []).port_security_enabled, false)
  assert.ok(!('port_security_enabled' in networkRequest({ ...external, portSecurity: 'undefined' }, [])))
})

test('a network is attached wherever it may be, unless somebody says otherwise', () => {
  assert.deepEqual(networkRequest(form, ['a', 'b']).clusters, [{ id: 'a' }, { id: 'b' }])
  assert.deepEqual(networkRequest({ ...form, clusterIds: [] }, ['a', 'b']).clusters, [])
  const elsewhere = changedNetwork({ ...form, clusterIds: ['a'] }, { dataCenterId: 'other' })
  assert.deepEqual(networkRequest(elsewhere, ['c']).clusters, [{ id: 'c' }])
})

test('a label is for networks of the engine, which may have one', () => {
  assert.deepEqual(wrong({ label: 'two words' }), ['label'])
  assert.equal(changedNetwork({ ...form, label: 'lan' }, { onProvider: true }).label, '')
})

const blue = {
  ...{ name: 'blue', mtu: 0, vlan: { id: 20 }, usages: ['vm'] as const },
  dns_resolver_configuration: { name_servers: ['10.0.0.1'] },
}

test('an edit sends what was changed, and an empty VLAN where there is none any more', () => {
  const before = editsOf(blue, 'lan')
  assert.deepEqual(editRequest(before, { ...before, label: 'wan' }), {})
  assert.deepEqual(editRequest(before, { ...before, mtu: '1400', description: 'x' }), { mtu: 1400, description: 'x' })
  assert.deepEqual(editRequest(before, { ...before, hasVlan: false }), { vlan: {} })
  assert.deepEqual(editRequest(before, { ...before, vlanId: '30', vmNetwork: false, dnsServers: '' }), {
    ...{ vlan: { id: 30 }, usages: [] },
    dns_resolver_configuration: { name_servers: [] },
  })
})

test('an edit is held to the rules of new networks, but for a name that is there', () => {
  const mistakes = (change: object, name = 'blue') =>
    Object.keys(editMistakes({ ...editsOf({ ...blue, name }, ''), ...change }, { name })).sort()
  assert.deepEqual(mistakes({ mtu: '67', vlanId: '4095', label: 'a b', name: ' ' }), ['label', 'mtu', 'name', 'vlanId'])
  assert.deepEqual([mistakes({}, 'bond1'), mistakes({ name: 'bond2' }, 'bond1')], [[], ['name']])
})
