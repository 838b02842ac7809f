// The documents for hosts, as oVirt's engine writes them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceOf } from '../lifecycle/nics/vnic-device.ts'
import { newNetwork } from '../services/networks/new-network.ts'
import { newProfile } from '../services/networks/new-profile.ts'
import type { Vnic } from '../store/vnic-connections.ts'
import { domainXml } from './domain.ts'
import { hotplugDocument, hotunplugDocument } from './interface-element.ts'

const vnic: Vnic = {
  nic: {
    id: '11111111-1111-1111-1111-111111111111',
    vmId: 'v',
    name: 'nic1',
    mac: '56:6f:00:00:00:01',
    model: 'virtio',
    linked: true,
    plugged: false,
    hasPort: false,
    profileId: 'p',
    wiredAs: '',
    filterParameters: [],
  },
  profile: newProfile({ id: 'p', name: 'blue', networkId: 'n', customProperties: { SecurityGroups: 'a,b' } }),
  network: newNetwork({ id: 'n', name: 'blue', dataCenterId: 'd', providerId: 's', externalId: 'e' }),
  provider: {
    id: 's',
    name: 'sdn',
    description: '',
    type: 'external',
    url: 'http://provider:9696',
    requiresAuthentication: false,
    username: '',
    sealedPassword: '',
    authenticationUrl: '',
    tenantName: '',
    userDomainName: '',
    projectName: '',
    projectDomainName: '',
    pluginType: 'OVIRT_PROVIDER_OVN',
    readOnly: false,
    autoSync: false,
    unmanaged: false,
    properties: { zone: 'a & <b>', vnic_id: 'overridden' },
  },
}
const port = { portId: 'port-1', securityGroups: ['a', 'b'] }

test('a hot-plugged vNIC has its element, and its properties beside it under the same alias and address', () => {
  const alias = 'ua-11111111-1111-1111-1111-111111111111'
  assert.equal(
    hotplugDocument(deviceOf(vnic, port)),
    [
      '<hotplug><devices><interface type="bridge"><model type="virtio"/><link state="up"/><source bridge="blue"/>',
      `<alias name="${alias}"/><mac address="56:6f:00:00:00:01"/><mtu size="1442"/><bandwidth/></interface></devices>`,
      '<metadata><ovirt-vm:vm xmlns:ovirt-vm="http://ovirt.org/vm/1.0">',
      `<ovirt-vm:device alias="${alias}" mac_address="56:6f:00:00:00:01"><ovirt-vm:custom>`,
      '<ovirt-vm:zone>a &amp; &lt;b&gt;</ovirt-vm:zone><ovirt-vm:vnic_id>port-1</ovirt-vm:vnic_id>',
      '<ovirt-vm:SecurityGroups>a,b</ovirt-vm:SecurityGroups>',
      '<ovirt-vm:provider_type>EXTERNAL_NETWORK</ovirt-vm:provider_type>',
      '<ovirt-vm:plugin_type>OVIRT_PROVIDER_OVN</ovirt-vm:plugin_type>',
      '<ovirt-vm:security_groups>a,b</ovirt-vm:security_groups>',
      '</ovirt-vm:custom></ovirt-vm:device></ovirt-vm:vm></metadata></hotplug>',
    ].join(''),
  )
})

test('what the engine knows better cannot be overridden by properties of provider or profile', () => {
  const { properties } = deviceOf(
    { ...vnic, profile: { ...vnic.profile, customProperties: { provider_type: 'x', plugin_type: 'y' } } },
    { portId: 'port-1', securityGroups: [] },
  )
  assert.deepEqual(properties, {
    zone: 'a & <b>',
    vnic_id: 'port-1',
    provider_type: 'EXTERNAL_NETWORK',
    plugin_type: 'OVIRT_PROVIDER_OVN',
  })
})

test('a provider of type neutron is told to hosts as such; the MTU of a network that has one is its own', () => {
  const neutron: Vnic = {
    ...vnic,
    provider: { ...vnic.provider, type: 'neutron' },
    network: { ...vnic.network, mtu: 9000 },
  }
  const device = deviceOf(neutron, port)
  assert.equal(device.properties.provider_type, 'OPENSTACK_NETWORK')
  assert.equal(device.mtu, 9000)
})

test('an unplug names the alias alone', () => {
  assert.equal(
    hotunplugDocument('x'),
    '<hotunplug><devices><interface><alias name="ua-x"/></interface></devices></hotunplug>',
  )
})

test('a domain has the interfaces of all its vNICs, and their properties in its metadata', () => {
  const vm = {
    id: 'v',
    name: 'vm',
    description: '',
    comment: '',
    savedState: '',
    savedOn: '',
    templateId: '',
    clusterId: 'c',
    status: 'down',
    statusDetail: '',
    hostId: '',
    memory: 1024 ** 3,
    customProperties: { sap: 'a<b' },
  } as const
  const xml = domainXml(vm, [deviceOf(vnic, port)])
  assert.match(
    xml,
    /^<domain type="qemu" xmlns:ovirt-vm="http:\/\/ovirt\.org\/vm\/1\.0"><name>vm<\/name><uuid>v<\/uuid>/,
  )
  assert.match(xml, /<metadata><ovirt-vm:vm><ovirt-vm:custom><ovirt-vm:sap>a&lt;b<\/ovirt-vm:sap><\/ovirt-vm:custom>/)
  assert.equal(xml.match(/<interface /g)?.length, 1)
  assert.equal(xml.match(/<ovirt-vm:device /g)?.length, 1)
})
