// The types as the real engine names and shows them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromJson, toJson } from './json.ts'
import { everyType } from './types/every-type.ts'
import { providerType, subnetType } from './types/providers.ts'
import { nicType } from './types/vms.ts'

test('each type has the element names of the real API', () => {
  const names = everyType.map(({ singular, plural }) => `${singular} ${plural}`)
  assert.deepEqual(names.sort(), [
    'certificate certificates',
    'cluster clusters',
    'cluster_level cluster_levels',
    'data_center data_centers',
    'diagnosis diagnoses',
    'domain domains',
    'driver_deployment driver_deployments',
    'driver_package driver_packages',
    'event events',
    'external_network_provider_configuration external_network_provider_configurations',
    'external_provider external_providers',
    'group groups',
    'host hosts',
    'host_driver host_drivers',
    'host_nic host_nics',
    'job jobs',
    'mac_pool mac_pools',
    'network networks',
    'network_attachment network_attachments',
    'network_filter network_filters',
    'network_filter_parameter network_filter_parameters',
    'network_label network_labels',
    'nic nics',
    'openstack_network openstack_networks',
    'openstack_network_provider openstack_network_providers',
    'openstack_port openstack_ports',
    'openstack_subnet openstack_subnets',
    'permission permissions',
    'permit permits',
    'reconciliation reconciliations',
    'reported_device reported_devices',
    'role roles',
    'scheduling_policy scheduling_policies',
    'snapshot snapshots',
    'statistic statistics',
    'step steps',
    'template templates',
    'topology topologies',
    'traffic traffics',
    'unmanaged_network unmanaged_networks',
    'user users',
    'vm vms',
    'vm_numa_node vm_numa_nodes',
    'vnic_profile vnic_profiles',
  ])
})

test('a provider is read as clients send it', () => {
  const request = {
    name: 'sdn',
    type: 'EXTERNAL',
    url: 'http://provider:9696',
    requires_authentication: 'true',
    username: 'admin',
    password: 'secret',
    authentication_url: 'http://provider:35357/v2.0',
    external_plugin_type: 'OVIRT_PROVIDER_OVN',
    read_only: 'False',
    properties: { property: [{ name: 'zone', value: 'a' }] },
    agent_configuration: { broker_type: 'qpid' },
  }
  const provider = fromJson(providerType, request)
  assert.equal(provider.type, 'external')
  assert.equal(provider.requires_authentication, true)
  assert.equal(provider.read_only, false)
  assert.deepEqual(provider.properties, [{ name: 'zone', value: 'a' }])
  assert.ok(!('agent_configuration' in provider), 'deprecated and ignored')
})

test('a subnet says its IP version in words and wraps its DNS servers', () => {
  const shown = toJson(
    subnetType,
    { id: 's', name: 'blue', cidr: '10.0.0.0/24', ip_version: 'v4', dns_servers: ['10.0.0.1'] },
    { href: '/s' },
  )
  assert.deepEqual(shown, {
    id: 's',
    href: '/s',
    name: 'blue',
    cidr: '10.0.0.0/24',
    ip_version: 'v4',
    dns_servers: { dns_server: ['10.0.0.1'] },
  })
  assert.throws(() => fromJson(subnetType, { ip_version: '4' }), {
    message: 'The element "openstack_subnet.ip_version" must be one of v4, v6.',
  })
})

test('a NIC has its address in an element of its own', () => {
  const nic = fromJson(nicType, {
    name: 'nic1',
    mac: { address: '56:6f:00:00:00:01' },
    vnic_profile: { id: 'p' },
  })
  assert.deepEqual(nic, { name: 'nic1', mac: { address: '56:6f:00:00:00:01' }, vnic_profile: { id: 'p' } })
})
