// Networks as their provider has them: found, and changed there together with the networks of data centers.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { providerNetworkType } from '@patchbay/ovirt-api/types/providers.ts'
import { Fault } from '../../faults.ts'
import { tellOfChange, wiredOtherwise } from '../../lifecycle/networks/changed-network.ts'
import {
  type EditExternalNetworkState,
  type ExternalChange,
  editExternalNetwork,
} from '../../lifecycle/networks/edit-external-network.ts'
import { refuseBondName, refuseUsedNetworkName } from '../../lifecycle/networks/insert-network.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { type ProviderClients, ProviderFailure } from '../../providers/provider-clients.ts'
import { isUnmanaged } from '../../providers/unmanaged-client.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Provider } from '../../store/entities/providers.ts'
import { checkedText, existing } from '../names.ts'
import { renamed } from '../networks/edit-networks.ts'
import { type External, mtuOf, nameOf } from '../networks/external-network.ts'
import { networkChange } from '../networks/network-request.ts'
import { refuseReadOnly } from './provider-draft.ts'

export type ExternalNetworkRequest = ResourceOf<typeof providerNetworkType>

const action = 'edit Network'

export async function externalNetwork(clients: ProviderClients, provider: Provider, id: string): Promise<External> {
  // As the real engine, picked from the list: a 404 then is the answer of something else than this network's provider.
  const [network] = await clients.ask(provider, (client) => client.networks.list({ id }))
  if (!network) throw new Fault('NOT_FOUND', { what: 'Network', id })
  return network
}

/** What the request leaves out stays. Networks that were imported by another name keep that. */
export async function editExternal(
  parts: Parts,
  providerId: string,
  externalId: string,
  request: ExternalNetworkRequest,
): Promise<External> {
  const provider = await existing(parts.store.providers, 'Provider', providerId)
  refuseReadOnly(provider, action)
  if (isUnmanaged(provider)) throw new Fault('UNSUPPORTED', { what: 'Editing a network of an unmanaged provider' })
  const external = await externalNetwork(parts.providers, provider, externalId)
  const after = changeIn(request)
  if (Object.keys(after).length === 0) return external
  const changes = await following(parts, provider, external, after)
  const networks = changes.map((change) => change.after)
  const state: EditExternalNetworkState = { providerId, externalId, before: formerly(external, after), after, networks }
  const check = async () => {
    for (const network of networks) await refuseUsedNetworkName(parts.store, network, action)
    return {}
  }
  await parts.workflows.start(editExternalNetwork, state, { action, check }).catch(async (error) => {
    const failed = `Failed to update Network ${nameOf(external)} on provider ${provider.name}: ${error.message}`
    // What the rules of the engine forbid was not tried.
    if (error instanceof ProviderFailure) await parts.events.tell('NETWORK_UPDATE_NETWORK_FAILED', failed)
    throw error
  })
  for (const change of changes)
    await tellOfChange(parts.events, change.after, await wiredOtherwise(parts.store, change.before, change.after))
  return externalNetwork(parts.providers, provider, externalId)
}

function changeIn({ name, description, mtu, port_security_enabled }: ExternalNetworkRequest): ExternalChange {
  const checked = networkChange({ name, mtu })
  return {
    ...checked,
    ...(description !== undefined && { description: checkedText(description, 'The description') }),
    ...(port_security_enabled !== undefined && { port_security_enabled }),
  }
}

/** The same attributes, as they are. */
const formerly = (external: External, after: ExternalChange): ExternalChange =>
  Object.fromEntries(Object.keys(after).map((name) => [name, external[name as keyof ExternalChange]]))

/** The networks of data centers that change with it. */
async function following(
  { store }: Parts,
  { id: providerId }: Provider,
  external: External,
  { name, mtu }: ExternalChange,
): Promise<{ readonly before: Network; readonly after: Network }[]> {
  const networks = await store.networks.find({ providerId, externalId: external.id })
  const changes = networks.map((before) => {
    const isNamedSo = before.name === nameOf(external)
    const isSoWide = before.mtu === mtuOf(external)
    const after = { ...before, ...(isNamedSo && name && { name }), ...(isSoWide && mtu !== undefined && { mtu }) }
    refuseBondName(after)
    return { before, after: renamed(before, after) }
  })
  return changes.filter(({ before, after }) => after.name !== before.name || after.mtu !== before.mtu)
}
