// Where a vNIC is connected: its profile, network and provider, read for many vNICs in as many queries as for one.
import type { Network, VnicProfile } from './entities/networks.ts'
import type { Provider } from './entities/providers.ts'
import type { Nic } from './entities/vms.ts'
import type { Tables } from './store.ts'

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
