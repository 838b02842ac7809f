// What a request for a new network comes to: its rows, and what is made on the provider.
import type { Rights } from '../../access/rights.ts'
import { Fault } from '../../faults.ts'
import type { SubnetDraft } from '../../lifecycle/networks/add-network.ts'
import { insertNetwork, type NetworkRows, type ProviderDetails } from '../../lifecycle/networks/insert-network.ts'
import { networkNameLocks } from '../../lifecycle/networks/remove-network.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Network, NetworkCluster } from '../../store/entities/networks.ts'
import type { Provider } from '../../store/entities/providers.ts'
import type { Store } from '../../store/store.ts'
import { referenced } from '../names.ts'
import { refuseReadOnly } from '../providers/provider-draft.ts'
import { subnetBody } from '../providers/provider-subnets.ts'
import { autoDefine } from './auto-define.ts'
import { makeOnProvider } from './make-on-provider.ts'
import { checkedVlan, type NetworkRequest, networkChange } from './network-request.ts'
import { newAttachment } from './new-attachment.ts'
import { newNetwork } from './new-network.ts'
import { defaultProfile } from './new-profile.ts'
import { ownedRows } from './owned-rows.ts'

const action = 'add Network'

/** `rights`: of whoever makes it. */
export async function addNetworkFor(
  parts: Parts,
  rights: Rights | undefined,
  request: NetworkRequest,
): Promise<Network> {
  const { store, events } = parts
  const { name, ...change } = networkChange(request)
  if (name === undefined) throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Network [name]', action: 'add' })
  const { id: dataCenterId } = await referenced(store.dataCenters, 'Data Center', request.data_center)
  const provider = request.external_provider && (await providerOf(store, request.external_provider))
  if (!provider) refuseProviderElements(request)
  const physicalNetworkId = provider ? await physicalNetworkIdOf(store, dataCenterId, request) : ''
  const network = newNetwork({ ...change, name, dataCenterId, providerId: provider?.id ?? '', physicalNetworkId })
  const rows = await ownedRows(rights, await rowsOf(store, network, request))
  try {
    await (provider ? addOnProvider(parts, rows, request) : addHere(parts, rows))
  } catch (error) {
    await events.tell('NETWORK_ADD_NETWORK_FAILED', `Failed to add network ${name}: ${(error as Error).message}`)
    throw error
  }
  const where = provider ? ` on provider ${provider.name}` : ''
  await events.tell('NETWORK_ADD_NETWORK', `Network ${name} was added${where}.`)
  // Behind: a provider that is away must not hold up a network that does without it.
  autoDefine(parts, rows).catch((err) => parts.log.warn({ err, network: name }, 'no external network was made for it'))
  return (await store.networks.get(network.id))!
}

async function addHere({ store, locks }: Parts, rows: NetworkRows): Promise<void> {
  await locks.during(networkNameLocks(rows.network), action, () =>
    store.transaction((tables) => insertNetwork(tables, rows)),
  )
}

async function addOnProvider(parts: Parts, rows: NetworkRows, request: NetworkRequest): Promise<void> {
  const subnets = (request.subnets ?? []).map((subnet): SubnetDraft => subnetBody(subnet))
  await makeOnProvider(parts, rows, detailsIn(request), subnets)
}

/** Throws also when it may not be changed. */
async function providerOf({ providers }: Store, { id, name }: Reference): Promise<Provider> {
  const provider = id === undefined ? (await providers.find({ name: name ?? '' }))[0] : await providers.get(id)
  if (!provider) throw new Fault('ACTION_TYPE_FAILED_PROVIDER_DOESNT_EXIST', { action })
  refuseReadOnly(provider, action)
  return provider
}

type Reference = { readonly id?: string | undefined; readonly name?: string | undefined }

function refuseProviderElements(request: NetworkRequest): void {
  const { external_provider_physical_network: physical, external_provider_physical_network_name: physicalName } =
    request
  const { external_provider_vlan: vlan, port_security_enabled, subnets } = request
  if ([physical, physicalName, vlan, port_security_enabled, subnets].some((element) => element !== undefined))
    throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Network [externalProvider.id]', action: 'add' })
}

/** One that is not there is found out later, in oVirt's order of checks. */
async function physicalNetworkIdOf(
  { networks }: Store,
  dataCenterId: string,
  { external_provider_physical_network: physical, external_provider_physical_network_name: custom }: NetworkRequest,
): Promise<string> {
  if (!physical) return ''
  if (custom !== undefined)
    throw new Fault('INVALID_VALUE', { reason: 'The physical network is given twice: as a network and by its name.' })
  if (physical.id !== undefined) return physical.id
  return (await networks.find({ dataCenterId, name: physical.name ?? '' }))[0]?.id ?? (physical.name || 'none')
}

function detailsIn(request: NetworkRequest): ProviderDetails {
  const vlan = request.external_provider_vlan?.id
  const physicalName = request.external_provider_physical_network_name
  if (physicalName !== undefined && !/^\S{1,64}$/.test(physicalName))
    throw new Fault('INVALID_VALUE', {
      reason: 'The name of a physical network has 1 to 64 characters, none of them a space.',
    })
  return {
    ...(physicalName !== undefined && { physicalName }),
    ...(vlan !== undefined && { vlanId: checkedVlan(vlan) }),
    ...(request.port_security_enabled !== undefined && { portSecurity: request.port_security_enabled }),
  }
}

async function rowsOf(store: Store, network: Network, request: NetworkRequest): Promise<NetworkRows> {
  const hasProfile = network.vmNetwork && (request.profile_required ?? true)
  return {
    network,
    profiles: hasProfile ? [defaultProfile(network, request.public_use)] : [],
    clusters: await attachments(store, network, request.clusters ?? []),
  }
}

async function attachments(
  { clusters }: Store,
  { id, name, dataCenterId }: Network,
  references: readonly Reference[],
): Promise<NetworkCluster[]> {
  const made = new Map<string, NetworkCluster>()
  for (const reference of references) {
    const cluster = await referenced(clusters, 'Cluster', reference)
    if (cluster.dataCenterId !== dataCenterId)
      throw new Fault('ACTION_TYPE_FAILED_NETWORK_FROM_DIFFERENT_DC', { action, name })
    made.set(cluster.id, newAttachment(id, cluster.id))
  }
  return [...made.values()]
}
