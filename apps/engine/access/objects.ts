// The things on which permissions are given, as a tree: what somebody may do on one, he may do on all below it.
import type { ObjectKind } from '../store/entities/access.ts'
import type { Tables } from '../store/store.ts'

export interface AccessObject {
  readonly kind: ObjectKind
  readonly id: string
}

/** As in every installation of oVirt. */
export const system: AccessObject = { kind: 'system', id: 'aaa00000-0000-0000-0000-123456789aaa' }

export const on = (kind: ObjectKind, id: string): AccessObject => ({ kind, id })

/** Itself, what it belongs to, and so on up to the system. Of what does not exist: itself and the system. */
export async function pathOf(tables: Tables, object: AccessObject): Promise<AccessObject[]> {
  const parent = object.kind === 'system' ? undefined : await parentOf(tables, object)
  return parent ? [object, ...(await pathOf(tables, parent))] : [object]
}

async function parentOf(tables: Tables, { kind, id }: AccessObject): Promise<AccessObject> {
  const below = (parent: ObjectKind, parentId: string | undefined) => (parentId ? on(parent, parentId) : system)
  switch (kind) {
    case 'cluster':
      return below('data_center', (await tables.clusters.get(id))?.dataCenterId)
    case 'host':
      return below('cluster', (await tables.hosts.get(id))?.clusterId)
    case 'vm':
      return below('cluster', (await tables.vms.get(id))?.clusterId)
    case 'template':
      return below('cluster', (await tables.templates.get(id))?.clusterId)
    case 'network':
      return below('data_center', (await tables.networks.get(id))?.dataCenterId)
    case 'vnic_profile':
      return below('network', (await tables.vnicProfiles.get(id))?.networkId)
    default:
      return system
  }
}

/** Where the rows of each kind are, and what faults call them. */
export const objectTables = {
  data_center: ['dataCenters', 'Data center'],
  cluster: ['clusters', 'Cluster'],
  host: ['hosts', 'Host'],
  vm: ['vms', 'VM'],
  template: ['templates', 'Template'],
  network: ['networks', 'Network'],
  vnic_profile: ['vnicProfiles', 'vNIC profile'],
  mac_pool: ['macPools', 'MAC pool'],
} as const satisfies Readonly<Record<Exclude<ObjectKind, 'system'>, readonly [keyof Tables, string]>>

export type NamedKind = keyof typeof objectTables

/** Where the API has them. */
export const objectCollections = {
  data_center: 'datacenters',
  cluster: 'clusters',
  host: 'hosts',
  vm: 'vms',
  template: 'templates',
  network: 'networks',
  vnic_profile: 'vnicprofiles',
  mac_pool: 'macpools',
} as const satisfies Readonly<Record<NamedKind, string>>

/** What events call it; '' for what is gone. */
export async function nameOf(tables: Tables, { kind, id }: AccessObject): Promise<string> {
  if (kind === 'system') return '(system)'
  const row = await tables[objectTables[kind][0]].get(id)
  return row?.name ?? ''
}
