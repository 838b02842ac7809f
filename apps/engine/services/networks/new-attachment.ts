// A network in a cluster as it begins: for nothing in particular.
import type { NetworkCluster, NetworkRoles } from '../../store/entities/networks.ts'

const noRoles: NetworkRoles = {
  required: false,
  display: false,
  migration: false,
  management: false,
  defaultRoute: false,
  gluster: false,
}

export const newAttachment = (
  networkId: string,
  clusterId: string,
  roles: Partial<NetworkRoles> = {},
): NetworkCluster => ({ ...noRoles, ...roles, id: `${networkId}/${clusterId}`, networkId, clusterId })
