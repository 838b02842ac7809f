// Who may use the engine, and for what: users, groups, roles with their permits, and permissions.
import { bool, list, reference, referenceTo, resource, struct, text } from '../element.ts'

export const domainType = resource('domain', 'domains', { name: text })

export const userType = resource('user', 'users', {
  user_name: text,
  principal: text,
  name: text,
  last_name: text,
  email: text,
  department: text,
  namespace: text,
  domain_entry_id: text,
  domain: referenceTo('domains'),
  /** Never answered. */
  password: text,
  /** Ours. */
  enabled: bool,
})

export const groupType = resource('group', 'groups', { name: text, namespace: text, domain_entry_id: text })

export const permitType = resource('permit', 'permits', {
  name: text,
  administrative: bool,
  role: referenceTo('roles'),
})

export const roleType = resource('role', 'roles', {
  name: text,
  description: text,
  administrative: bool,
  mutable: bool,
  /** Given with a new one. */
  permits: list('permit', struct({ id: text, name: text })),
})

export const permissionType = resource('permission', 'permissions', {
  role: referenceTo('roles'),
  user: referenceTo('users'),
  group: referenceTo('groups'),
  data_center: referenceTo('datacenters'),
  cluster: referenceTo('clusters'),
  host: referenceTo('hosts'),
  vm: referenceTo('vms'),
  template: referenceTo('templates'),
  // Ours: the real engine shows permissions on these without saying on what.
  network: referenceTo('networks'),
  vnic_profile: referenceTo('vnicprofiles'),
  mac_pool: referenceTo('macpools'),
})

/** What the real engine knows per compatibility version; here only its permits. */
export const clusterLevelType = resource('cluster_level', 'cluster_levels', {
  permits: list('permit', struct({ ...reference.fields, administrative: bool })),
})
