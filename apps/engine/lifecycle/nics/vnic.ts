// A vNIC with all that decides where it is connected: its profile, network and provider.
import { defaultMtu, defaultTunnelMtu, type VnicDevice } from '../../domain-xml/interface-element.ts'
import { networkFilterOf } from '../../domain-xml/network-filters.ts'
import { isUnmanaged } from '../../providers/unmanaged-client.ts'
import type { Network, VnicProfile } from '../../store/entities/networks.ts'
import type { Provider } from '../../store/entities/providers.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'

/** A vNIC on a network: an external one, if it has a provider. */
export interface ConnectedVnic {
  readonly nic: Nic
  readonly profile: VnicProfile
  readonly network: Network
  readonly provider: Provider | undefined
}

/** A vNIC on an external network. */
export interface Vnic extends ConnectedVnic {
  readonly provider: Provider
}

/** A vNIC's port, as the provider answered it. */
export interface AllocatedPort {
  /** '' where the provider is unmanaged. */
  readonly portId: string
  readonly securityGroups: readonly string[]
}

/** In their order, in as many queries as for one; undefined for a NIC on no network. */
export async function resolveConnections(tables: Tables, nics: readonly Nic[]): Promise<(ConnectedVnic | undefined)[]> {
  const profiles = await tables.vnicProfiles.getAll(named(nics.map(({ profileId }) => profileId)))
  const networks = await tables.networks.getAll([...profiles.values()].map(({ networkId }) => networkId))
  const providers = await tables.providers.getAll(named([...networks.values()].map(({ providerId }) => providerId)))
  return nics.map((nic) => {
    const profile = profiles.get(nic.profileId)
    const network = profile && networks.get(profile.networkId)
    return network && { nic, profile, network, provider: providers.get(network.providerId) }
  })
}

const named = (ids: readonly string[]) => ids.filter((id) => id !== '')

/** undefined for a NIC on no network. */
export async function resolveConnection(tables: Tables, nic: Nic): Promise<ConnectedVnic | undefined> {
  const [connection] = await resolveConnections(tables, [nic])
  return connection
}

/** undefined for a NIC on no external network. */
export async function resolveVnic(tables: Tables, nic: Nic): Promise<Vnic | undefined> {
  const connection = await resolveConnection(tables, nic)
  return connection && isExternal(connection) ? connection : undefined
}

export const isExternal = (connection: ConnectedVnic): connection is Vnic => connection.provider !== undefined

/** The device that a host gets for this vNIC on its port. */
export function deviceOf({ nic, network, profile, provider }: Vnic, port: AllocatedPort): VnicDevice {
  return {
    nicId: nic.id,
    mac: nic.mac,
    model: nic.model,
    linked: nic.linked,
    bridge: network.vdsmName,
    mtu: network.mtu || (network.physicalNetworkId === '' ? defaultTunnelMtu : defaultMtu),
    properties: {
      // Later ones win: what the engine itself says of the port cannot be overridden.
      ...provider.properties,
      ...profile.customProperties,
      ...(port.portId !== '' && { vnic_id: port.portId }),
      provider_type: providerTypeOf(provider),
      plugin_type: provider.pluginType,
      ...(port.securityGroups.length > 0 && { security_groups: port.securityGroups.join(',') }),
    },
  }
}

/** On a network of the engine's own: the host has a bridge for it, and no driver is asked. */
export function bridgedDevice({ nic, network, profile }: ConnectedVnic): VnicDevice {
  const filter = networkFilterOf(profile.networkFilterId)
  return {
    nicId: nic.id,
    mac: nic.mac,
    model: nic.model,
    linked: nic.linked,
    bridge: network.vdsmName,
    mtu: network.mtu || defaultMtu,
    ...(filter && { filter: filter.name, filterParameters: nic.filterParameters }),
    ...(network.portIsolation && { isIsolated: true }),
    ...(profile.portMirroring && { mirrors: network.vdsmName }),
    properties: profile.customProperties,
  }
}

function providerTypeOf(provider: Provider): string {
  if (isUnmanaged(provider)) return 'unmanaged'
  return provider.type === 'neutron' ? 'OPENSTACK_NETWORK' : 'EXTERNAL_NETWORK'
}

/** A NIC on no network: its link is down and it hangs on VDSM's dummy bridge. */
export function unconnectedDevice(nic: Nic): VnicDevice {
  return {
    nicId: nic.id,
    mac: nic.mac,
    model: nic.model,
    linked: false,
    bridge: ';vdsmdummy;',
    mtu: defaultMtu,
    properties: {},
  }
}
