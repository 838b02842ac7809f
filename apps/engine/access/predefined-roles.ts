// The roles that are always there, with oVirt's ids, names and permits. Nobody can change them.
import type { Role } from '../store/entities/access.ts'
import { type PermitName, permitNames } from '../store/entities/permits.ts'

export const superUserId = '00000000-0000-0000-0000-000000000001'
export const networkAdminId = 'def00005-0000-0000-0000-def000000005'
export const userVmManagerId = 'def00006-0000-0000-0000-def000000006'
export const templateOwnerId = 'def0000a-0000-0000-0000-def00000000f'
export const vnicProfileUserId = 'def0000a-0000-0000-0000-def000000010'

const running: readonly PermitName[] = ['reboot_vm', 'stop_vm', 'shut_down_vm', 'hibernate_vm', 'run_vm']
const userVm: readonly PermitName[] = [
  ...running,
  'create_vm',
  'delete_vm',
  'edit_vm_properties',
  'configure_vm_network',
  'manipulate_vm_snapshots',
  'login',
]
const adminVm: readonly PermitName[] = [
  ...userVm,
  'migrate_vm',
  'change_vm_custom_properties',
  'edit_admin_vm_properties',
]
const hosts: readonly PermitName[] = [
  'create_host',
  'edit_host_configuration',
  'delete_host',
  'manipulate_host',
  'configure_host_network',
]
const templates: readonly PermitName[] = [
  'create_template',
  'edit_template_properties',
  'delete_template',
  'configure_template_network',
]
const clusters: readonly PermitName[] = [
  'create_cluster',
  'edit_cluster_configuration',
  'delete_cluster',
  'configure_cluster_network',
]
const dataCenterNetworks: readonly PermitName[] = [
  'assign_cluster_network',
  'configure_storage_pool_network',
  'create_storage_pool_network',
  'delete_storage_pool_network',
  'configure_network_vnic_profile',
  'create_network_vnic_profile',
  'delete_network_vnic_profile',
]
const macPools: readonly PermitName[] = ['create_mac_pool', 'edit_mac_pool', 'delete_mac_pool', 'configure_mac_pool']
const granting: readonly PermitName[] = ['manipulate_permissions', 'add_users_and_groups_from_directory']

const administrator = (id: string, name: string, description: string, permits: readonly PermitName[]): Role => ({
  ...{ id, name, description, permits },
  administrative: true,
  mutable: false,
  showsChildren: true,
})
const user = (...given: Parameters<typeof administrator>): Role => ({
  ...administrator(...given),
  administrative: false,
})
const blind = (role: Role): Role => ({ ...role, showsChildren: false })

const administrators: readonly Role[] = [
  administrator(superUserId, 'SuperUser', 'Everything, everywhere', permitNames),
  administrator('def00001-0000-0000-0000-def000000001', 'ClusterAdmin', 'Everything in a cluster', [
    ...adminVm,
    ...hosts,
    ...clusters,
    ...granting,
    'audit_log_management',
  ]),
  administrator('def00002-0000-0000-0000-def000000002', 'DataCenterAdmin', 'Everything in a data center', [
    ...adminVm,
    ...hosts,
    ...clusters,
    ...templates,
    ...dataCenterNetworks,
    ...granting,
    'create_storage_pool',
    'delete_storage_pool',
    'edit_storage_pool_configuration',
    'configure_mac_pool',
    'audit_log_management',
  ]),
  administrator('def00004-0000-0000-0000-def000000004', 'HostAdmin', 'Everything on a host', [
    ...hosts,
    'login',
    'audit_log_management',
  ]),
  administrator(
    networkAdminId,
    'NetworkAdmin',
    'Networks and their vNIC profiles; on the system also network providers',
    [
      ...dataCenterNetworks,
      'configure_host_network',
      'configure_cluster_network',
      'configure_vm_network',
      'configure_template_network',
      'login',
      'audit_log_management',
    ],
  ),
  administrator('def00008-0000-0000-0000-def000000008', 'TemplateAdmin', 'Everything with a template', [
    ...templates,
    ...granting,
    'login',
    'audit_log_management',
  ]),
  administrator('def00013-0000-0000-0000-def000000013', 'MacPoolAdmin', 'MAC pools', [...macPools, 'login']),
  administrator('def0000c-0000-0000-0000-def00000000c', 'ReadOnlyAdmin', 'Sees everything, changes nothing', ['login']),
]

const users: readonly Role[] = [
  user('00000000-0000-0000-0001-000000000001', 'UserRole', 'Runs VMs', [...running, 'login']),
  blind(
    user('00000000-0000-0000-0001-000000000002', 'PowerUserRole', 'Makes VMs and templates', [
      'create_vm',
      'create_template',
      'login',
    ]),
  ),
  user(userVmManagerId, 'UserVmManager', 'Everything with a VM', [...userVm, ...granting]),
  blind(
    user('def00009-0000-0000-0000-def000000009', 'UserTemplateBasedVm', 'Makes VMs from a template', ['create_vm']),
  ),
  blind(user('def0000a-0000-0000-0000-def00000000d', 'VmCreator', 'Makes VMs', ['create_vm', 'login'])),
  blind(
    user('def0000a-0000-0000-0000-def00000000e', 'TemplateCreator', 'Makes templates', ['create_template', 'login']),
  ),
  user(templateOwnerId, 'TemplateOwner', 'Everything with a template of its own', [
    'edit_template_properties',
    'delete_template',
    'configure_template_network',
    'login',
    ...granting,
  ]),
  blind(
    user(vnicProfileUserId, 'VnicProfileUser', 'Connects vNICs with a vNIC profile', [
      'configure_vm_network',
      'configure_template_network',
      'login',
    ]),
  ),
  user('def00014-0000-0000-0000-def000000014', 'MacPoolUser', 'Uses a MAC pool', ['configure_mac_pool', 'login']),
  blind(
    user('def0000c-0000-0000-0000-def000000000', 'ExternalEventsCreator', 'Adds events of other software', [
      'inject_external_events',
    ]),
  ),
]

export const predefinedRoles: readonly Role[] = [...administrators, ...users]
