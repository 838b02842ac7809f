// Add network: made on its provider, where it has one, and written down here; then its subnets are made. What cannot be
// written down does not stay on the provider.
import type { NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { Fault } from '../../faults.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Provider } from '../../store/entities/providers.ts'
import { shared } from '../workflows/locks.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { insertNetwork, type NetworkRows, type ProviderDetails } from './insert-network.ts'
import { providerLock } from './provider-lock.ts'
import { networkNameLocks } from './remove-network.ts'

export interface AddNetworkState extends NetworkRows {
  readonly details: ProviderDetails
  /** Bodies for the provider, but for the network that they belong to. */
  readonly subnets: readonly SubnetDraft[]
  /** Networks with its name that the provider had before: none of them is ours. */
  readonly strangers?: readonly string[]
  readonly externalId?: string
}

export interface SubnetDraft {
  readonly name: string
  readonly cidr: string
}

export const addNetwork: Workflow<AddNetworkState, Parts> = {
  kind: 'add-network',
  // A synchronization must not find what is made before it is written down.
  locks: ({ network }) => [
    `network:${network.id}`,
    ...networkNameLocks(network),
    // In another data center it may be made under the same name: each must find its own there.
    `external-network-name:${network.providerId}/${network.name}`,
    shared(providerLock(network.providerId)),
  ],
  isPatient: true,
  onFailure: 'undo',
  steps: [
    {
      name: 'see what the provider has by its name',
      async run({ network }, parts) {
        const strangers = await onProvider(parts, network, (client) => namesakes(client, network.name))
        return { strangers: strangers ?? [] }
      },
    },
    {
      name: 'make it on the provider',
      async run(state, parts) {
        const { network } = state
        const externalId = await onProvider(parts, network, async (client, provider) => {
          // Made by an attempt whose answer was lost.
          const [made] = await ours(client, state)
          return made ?? (await client.networks.create(networkBody(state, provider))).id
        })
        return { externalId: externalId ?? '' }
      },
      async undo(state, parts) {
        await onProvider(parts, state.network, async (client) => {
          for (const id of await ours(client, state)) await client.networks.remove(id)
        })
      },
    },
    {
      name: 'write it down',
      async record({ network, profiles, clusters, permissions, externalId = '' }, tables) {
        const isThere = async ({ clusterId }: { clusterId: string }) => !!(await tables.clusters.get(clusterId))
        const kept = await Promise.all(clusters.map(isThere))
        await insertNetwork(tables, {
          network: { ...network, externalId },
          profiles,
          clusters: clusters.filter((_cluster, at) => kept[at]),
          ...(permissions && { permissions }),
        })
      },
    },
    {
      name: 'make its subnets',
      async run({ network, subnets, externalId }, parts) {
        for (const subnet of subnets) await makeSubnet(parts, network, externalId!, subnet)
        return undefined
      },
    },
  ],
}

/** undefined for a network without a provider, and when the provider was removed meanwhile. */
async function onProvider<Result>(
  { store, providers }: Parts,
  { providerId }: Network,
  work: (client: NetworkingClient, provider: Provider) => Promise<Result>,
): Promise<Result | undefined> {
  const provider = providerId === '' ? undefined : await store.providers.get(providerId)
  return provider && providers.ask(provider, (client) => work(client, provider))
}

const namesakes = async (client: NetworkingClient, name: string) =>
  (await client.networks.list({ name })).map(({ id }) => id)

/** What this workflow made: told by the provider, or, where the answer was lost, new since it began and unused. */
async function ours(client: NetworkingClient, { network, strangers = [], externalId }: AddNetworkState) {
  if (externalId !== undefined) return [externalId]
  const fresh = (await namesakes(client, network.name)).filter((id) => !strangers.includes(id))
  const used = await Promise.all(fresh.map(async (id) => (await client.subnets.list({ network_id: id })).length > 0))
  return fresh.filter((_id, at) => !used[at])
}

function networkBody({ network, details }: AddNetworkState, { requiresAuthentication }: Provider): object {
  const { physicalName, vlanId, portSecurity } = details
  return {
    name: network.name,
    admin_state_up: true,
    ...(network.mtu !== 0 && { mtu: network.mtu }),
    ...(physicalName !== undefined && {
      'provider:physical_network': physicalName,
      'provider:network_type': vlanId === undefined ? 'flat' : 'vlan',
      ...(vlanId !== undefined && { 'provider:segmentation_id': vlanId }),
    }),
    ...(portSecurity !== undefined && { port_security_enabled: portSecurity }),
    // As the real engine: somebody must own it where nobody logs in.
    ...(!requiresAuthentication && { tenant_id: 'oVirt' }),
  }
}

/** As in the real engine, a network stays also when its subnet cannot be made: an event tells why. */
async function makeSubnet(parts: Parts, network: Network, externalId: string, draft: SubnetDraft): Promise<void> {
  const name = (await parts.store.providers.get(network.providerId))?.name
  try {
    await onProvider(parts, network, async (client) => {
      const there = await client.subnets.list({ network_id: externalId })
      if (there.some(({ cidr }) => cidr === draft.cidr)) return
      const { tenant_id } = await client.networks.get(externalId)
      await client.subnets.create({ ...draft, network_id: externalId, ...(tenant_id && { tenant_id }) })
    })
    await parts.events.tell('SUBNET_ADDED', `Subnet ${draft.name} was added on provider ${name}.`)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const message = `Failed to add subnet ${draft.name} on provider ${name}: ${error.message}`
    await parts.events.tell('SUBNET_ADDITION_FAILED', message)
  }
}
