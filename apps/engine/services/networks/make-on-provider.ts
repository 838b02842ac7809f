// A network that is made on its provider and written down here, all or nothing but for its subnets.
import { addNetwork, type SubnetDraft } from '../../lifecycle/networks/add-network.ts'
import { checkNewNetwork, type NetworkRows, type ProviderDetails } from '../../lifecycle/networks/insert-network.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'

export async function makeOnProvider(
  { store, workflows }: Parts,
  rows: NetworkRows,
  details: ProviderDetails,
  subnets: readonly SubnetDraft[],
): Promise<void> {
  const check = async () => {
    await checkNewNetwork(store, rows.network, details)
    return { details: { ...details, ...(await physicalDetails(store, rows.network)) } }
  }
  const request = { action: 'add Network', of: rows.network.name, check }
  await workflows.start(addNetwork, { ...rows, details, subnets }, request)
}

/** Providers know a physical network by what hosts call it. */
async function physicalDetails({ networks }: Tables, { physicalNetworkId }: Network): Promise<ProviderDetails> {
  const physical = physicalNetworkId === '' ? undefined : await networks.get(physicalNetworkId)
  if (!physical) return {}
  return { physicalName: physical.vdsmName, ...(physical.vlanId !== null && { vlanId: physical.vlanId }) }
}
