// Which resource of the API a row belongs to, and where that is.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { hostNicId } from '../hosts/host-nics.ts'
import type { ChangeKind, RowChange } from '../store/changes.ts'

/** As the stream shows it. */
export interface ResourceChange {
  /** The name of its element: `vm`. */
  readonly resource: string
  readonly id: string
  readonly href: string
  readonly change: ChangeKind
}

/** Nothing for rows that no resource shows. */
export function changedResources({ table, id, kind, row }: RowChange): ResourceChange[] {
  const own = places[table]
  if (own)
    return [{ resource: own.resource, id, href: `${apiPath}${own.of(row)}/${encodeURIComponent(id)}`, change: kind }]
  // Rows that are shown as part of others.
  return (partsOf[table]?.(row) ?? []).map(([resource, of, whole]) => ({
    resource,
    id: whole,
    href: `${apiPath}${of}/${whole}`,
    change: 'updated',
  }))
}

type Row = RowChange['row']
interface Place {
  readonly resource: string
  of(row: Row): string
}

const at = (resource: string, path: string): Place => ({ resource, of: () => path })

const places: Readonly<Record<string, Place>> = {
  data_center: at('data_center', '/datacenters'),
  cluster: at('cluster', '/clusters'),
  host: at('host', '/hosts'),
  network_attachment: { resource: 'network_attachment', of: ({ hostId }) => `/hosts/${hostId}/networkattachments` },
  provider: at('openstack_network_provider', '/openstacknetworkproviders'),
  network: at('network', '/networks'),
  vnic_profile: at('vnic_profile', '/vnicprofiles'),
  mac_pool: at('mac_pool', '/macpools'),
  vm: at('vm', '/vms'),
  nic: { resource: 'nic', of: ({ vmId }) => `/vms/${vmId}/nics` },
  snapshot: { resource: 'snapshot', of: ({ vmId }) => `/vms/${vmId}/snapshots` },
  template: at('template', '/templates'),
  local_user: at('user', '/users'),
  own_role: at('role', '/roles'),
  permission: at('permission', '/permissions'),
  driver_package: at('driver_package', '/driverpackages'),
  driver_deployment: { resource: 'driver_deployment', of: ({ hostId }) => `/hosts/${hostId}/driverdeployments` },
}

const partsOf: Readonly<Record<string, (row: Row) => [resource: string, of: string, id: string][]>> = {
  network_cluster: ({ networkId, clusterId }) => [
    ['network', '/networks', String(networkId)],
    ['cluster', '/clusters', String(clusterId)],
  ],
  nic_label: ({ hostId, nicName }) => [
    ['host_nic', `/hosts/${hostId}/nics`, hostNicId(String(hostId), String(nicName))],
  ],
  host_capability: ({ id }) => [['host', '/hosts', String(id)]],
  template_nic: ({ templateId }) => [['template', '/templates', String(templateId)]],
  provider_driver: ({ id }) => [['openstack_network_provider', '/openstacknetworkproviders', String(id)]],
}
