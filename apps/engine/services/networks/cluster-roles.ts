// What a network may be for in a cluster. In the order of the real engine.
import { Fault } from '../../faults.ts'
import type { Cluster } from '../../store/entities/infrastructure.ts'
import type { Network, NetworkCluster } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'

/** `before`: undefined for a network that is being attached. */
interface RoleChange {
  readonly before?: NetworkCluster
  readonly after: NetworkCluster
}

export async function checkRoles(
  { hosts }: Tables,
  { id: clusterId, switchType }: Cluster,
  { name, providerId, portIsolation }: Network,
  { before, after }: RoleChange,
  action: string,
): Promise<void> {
  const isExternal = providerId !== ''
  if (before?.management && !after.management)
    throw new Fault('ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_UNSET', { action })
  if (after.management && !after.required)
    throw new Fault('ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_REQUIRED', { action, name })
  if (after.management && isExternal)
    throw new Fault('ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_CANNOT_BE_EXTERNAL', { action })
  if (after.defaultRoute && isExternal)
    throw new Fault('ACTION_TYPE_FAILED_DEFAULT_ROUTE_NETWORK_CANNOT_BE_EXTERNAL', { action })
  if (after.management && !before?.management && (await hosts.find({ clusterId })).length > 0)
    throw new Fault('ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_CANNOT_BE_CHANGED', { action })
  if (isExternal) refuseExternal(after, action)
  if (portIsolation && switchType !== 'legacy')
    throw new Fault('ACTION_TYPE_FAILED_PORT_ISOLATION_INCOMPATIBLE_SWITCH_TYPE', { action })
}

function refuseExternal({ display, required }: NetworkCluster, action: string): void {
  if (display) throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_DISPLAY', { action })
  if (required) throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_REQUIRED', { action })
}

/** Each of these is for one network of the cluster. */
export async function takeRolesFromOthers({ networkClusters }: Tables, taker: NetworkCluster): Promise<void> {
  const { clusterId, display, migration, management, defaultRoute, gluster } = taker
  const taken = Object.entries({ display, migration, management, defaultRoute, gluster }).filter(([, has]) => has)
  const none = Object.fromEntries(taken.map(([role]) => [role, false]))
  if (taken.length === 0) return
  for (const other of await networkClusters.find({ clusterId }))
    if (other.id !== taker.id) await networkClusters.update(other.id, none)
}
