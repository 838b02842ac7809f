// What may change of a network: of an external one its name, texts and MTU. Nothing is told to its provider.
import { Fault } from '../../faults.ts'
import { tellOfChange, writeChangedNetwork } from '../../lifecycle/networks/changed-network.ts'
import { refuseBondName, refuseOnNonVmNetwork, refuseUsedNetworkName } from '../../lifecycle/networks/insert-network.ts'
import { refuseRenamedInUse, refuseUsedNetwork, usersOf } from '../../lifecycle/networks/network-use.ts'
import { networkNameLock } from '../../lifecycle/networks/remove-network.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'
import { awaitSync } from '../host-networks/awaited-changes.ts'
import { existing, referenced } from '../names.ts'
import { type NetworkRequest, networkChange } from './network-request.ts'
import { vdsmName } from './new-network.ts'

const action = 'edit Network'

export async function editNetwork(
  { store, locks, events }: Parts,
  id: string,
  request: NetworkRequest,
): Promise<Network> {
  const change = networkChange(request)
  const { dataCenterId, name } = await existing(store.networks, 'Network', id)
  const wantedName = networkNameLock({ dataCenterId, name: change.name ?? name })
  const { after, outOfSync } = await locks.during([`network:${id}`, wantedName], action, () =>
    store.transaction(async (tables) => {
      const before = await existing(tables.networks, 'Network', id)
      const after = renamed(before, { ...before, ...change })
      await check(tables, before, after, request)
      await awaitSync(tables, before, after)
      return { after, outOfSync: await writeChangedNetwork(tables, before, after) }
    }),
  )
  await tellOfChange(events, after, outOfSync)
  return after
}

export const renamed = (before: Network, after: Network): Network =>
  after.name === before.name ? after : { ...after, vdsmName: vdsmName(after.name, after.id) }

/** In the order of the real engine. */
async function check(tables: Tables, before: Network, after: Network, request: NetworkRequest): Promise<void> {
  if (after.stp) refuseOnNonVmNetwork({ ...after, portIsolation: false }, action)
  refuseBondName(after)
  await refuseOtherDataCenter(tables, before, request)
  await refuseUsedNetworkName(tables, after, action)
  if (after.name !== before.name) await refuseRenamedInUse(tables, after.id, action)
  if (before.vmNetwork && !after.vmNetwork)
    refuseUsedNetwork(await usersOf(tables, await tables.vnicProfiles.find({ networkId: after.id })), action)
  refuseOnNonVmNetwork(after, action)
  if (after.portIsolation !== before.portIsolation)
    throw new Fault('ACTION_TYPE_FAILED_NETWORK_PORT_ISOLATION_CANNOT_BE_CHANGED', { action })
  if (!keepsExternalDetails(before, after, request))
    throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_DETAILS_CANNOT_BE_EDITED', { action })
}

async function refuseOtherDataCenter(
  { dataCenters }: Tables,
  { dataCenterId }: Network,
  { data_center: reference }: NetworkRequest,
): Promise<void> {
  if (reference && (await referenced(dataCenters, 'Data Center', reference)).id !== dataCenterId)
    throw new Fault('ACTION_TYPE_FAILED_DATA_CENTER_ID_CANNOT_BE_CHANGED', { action })
}

/** What the request repeats is no change. */
function keepsExternalDetails(before: Network, after: Network, request: NetworkRequest): boolean {
  const { external_provider: provider, external_provider_physical_network: physical } = request
  if ((provider?.id ?? before.providerId) !== before.providerId) return false
  if ((physical?.id ?? before.physicalNetworkId) !== before.physicalNetworkId) return false
  if (before.providerId === '') return true
  const { vlanId, stp, vmNetwork, dnsServers } = before
  const isSame = after.vlanId === vlanId && after.stp === stp && after.vmNetwork === vmNetwork
  return isSame && after.dnsServers.join() === dnsServers.join()
}
