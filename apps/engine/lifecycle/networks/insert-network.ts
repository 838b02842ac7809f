// The rows of a new network: itself, its first vNIC profile, where it is attached. In oVirt's order of what must hold.
import { Fault } from '../../faults.ts'
import type { Permission } from '../../store/entities/access.ts'
import type { Network, NetworkCluster, VnicProfile } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'

/** What only the provider remembers of a network that is made there. */
export interface ProviderDetails {
  /** The physical network, as the provider calls it. */
  readonly physicalName?: string
  readonly vlanId?: number
  readonly portSecurity?: boolean
}

export interface NetworkRows {
  readonly network: Network
  readonly profiles: readonly VnicProfile[]
  readonly clusters: readonly NetworkCluster[]
  /** On it and on its profiles, of whoever makes it. */
  readonly permissions?: readonly Permission[]
}

export async function insertNetwork(tables: Tables, rows: NetworkRows): Promise<void> {
  const { network, profiles, clusters, permissions = [] } = rows
  await checkNewNetwork(tables, network)
  await tables.networks.insert(network)
  for (const profile of profiles) await tables.vnicProfiles.insert(profile)
  for (const cluster of clusters) await tables.networkClusters.insert(cluster)
  for (const permission of permissions) await tables.permissions.insert(permission)
}

/** Throws why there cannot be such a network. */
export async function checkNewNetwork(tables: Tables, network: Network, details: ProviderDetails = {}): Promise<void> {
  const isExternal = network.providerId !== ''
  if (!(await tables.dataCenters.get(network.dataCenterId)))
    throw new Fault('NOT_FOUND', { what: 'Data Center', id: network.dataCenterId })
  refuseOnNonVmNetwork(network, 'add Network')
  if (isExternal && network.portIsolation) throw new Fault('EXTERNAL_NETWORK_CANNOT_SUPPORT_PORT_ISOLATION')
  refuseBondName(network)
  await refuseUsedNetworkName(tables, network, 'add Network')
  if (isExternal) await checkExternal(tables, network, details)
}

export function refuseOnNonVmNetwork({ vmNetwork, stp, portIsolation }: Network, action: string): void {
  if (vmNetwork) return
  if (stp) throw new Fault('NON_VM_NETWORK_CANNOT_SUPPORT_STP', { action })
  if (portIsolation) throw new Fault('NON_VM_NETWORK_CANNOT_SUPPORT_PORT_ISOLATION', { action })
}

/** Bonds of hosts are called so. */
export function refuseBondName({ name }: Network): void {
  if (name.startsWith('bond')) throw new Fault('NETWORK_CANNOT_CONTAIN_BOND_NAME')
}

/** Its name is neither that of another network in the data center, nor what another is called on hosts. */
export async function refuseUsedNetworkName(
  { networks }: Tables,
  { id, name, dataCenterId }: Network,
  action: string,
): Promise<void> {
  const another = (found: readonly Network[]) => found.find((network) => network.id !== id)
  if (another(await networks.find({ dataCenterId, name })))
    throw new Fault('ACTION_TYPE_FAILED_NETWORK_NAME_IN_USE', { action, name })
  const onHosts = another(await networks.find({ dataCenterId, vdsmName: name }))
  if (onHosts) throw new Fault('NETWORK_NAME_USED_AS_VDSM_NETWORK_NAME', { name, other: onHosts.name })
}

async function checkExternal(
  { providers, networks }: Tables,
  network: Network,
  details: ProviderDetails,
): Promise<void> {
  const action = 'add Network'
  const { dataCenterId, providerId, externalId, physicalNetworkId, label, vlanId } = network
  if (!(await providers.get(providerId))) throw new Fault('ACTION_TYPE_FAILED_PROVIDER_DOESNT_EXIST', { action })
  const [known] = externalId === '' ? [] : await networks.find({ dataCenterId, providerId, externalId })
  if (known) throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_ALREADY_EXISTS', { name: known.name })
  if (!network.vmNetwork) throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_MUST_BE_VM_NETWORK', { action })
  if (details.vlanId !== undefined && details.physicalName === undefined)
    throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_WITH_VLAN_MUST_BE_CUSTOM', { action })
  if (physicalNetworkId === '') return
  if (label !== '' || vlanId !== null)
    throw new Fault('ACTION_TYPE_FAILED_LABEL_AND_VLAN_CANNOT_BE_SET_WITH_PROVIDER_PHYSICAL_NETWORK', { action })
  const physical = await networks.get(physicalNetworkId)
  if (physical?.dataCenterId !== dataCenterId)
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_PHYSICAL_NETWORK_DOES_NOT_EXIST_ON_DC', { action })
}
