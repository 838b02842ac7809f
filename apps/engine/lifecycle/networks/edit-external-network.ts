// Edit external network: changed on its provider, and in every data center that has it. Where one cannot follow, the provider
// gets back what it had.
import type { Answered, NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import type { Network as ExternalNetwork } from '@patchbay/networking-api/resources/networks.ts'
import type { Network } from '../../store/entities/networks.ts'
import { shared } from '../workflows/locks.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { writeChangedNetwork } from './changed-network.ts'
import { refuseUsedNetworkName } from './insert-network.ts'
import { providerLock } from './provider-lock.ts'
import { networkNameLock } from './remove-network.ts'

/** As the Networking API calls them. */
export type ExternalChange = Partial<Pick<ExternalNetwork, 'name' | 'description' | 'mtu' | 'port_security_enabled'>>

export interface EditExternalNetworkState {
  readonly providerId: string
  readonly externalId: string
  /** What the provider said before, of what changes. */
  readonly before: ExternalChange
  readonly after: ExternalChange
  /** Networks of data centers that follow, as they will be. */
  readonly networks: readonly Network[]
}

export const editExternalNetwork: Workflow<EditExternalNetworkState, Parts> = {
  kind: 'edit-external-network',
  locks: ({ providerId, externalId, networks }) => [
    shared(providerLock(providerId)),
    `external-network:${providerId}/${externalId}`,
    ...networks.flatMap((network) => [`network:${network.id}`, networkNameLock(network)]),
  ],
  isPatient: true,
  onFailure: 'undo',
  steps: [
    {
      name: 'change it on the provider',
      async run(state, parts) {
        await onProvider(parts, state, (client) => client.networks.update(state.externalId, state.after))
        return undefined
      },
      async undo(state, parts) {
        await onProvider(parts, state, (client) => giveBack(client, state))
      },
    },
    {
      name: 'change the networks of data centers',
      async record({ networks }, tables) {
        for (const { id, name, vdsmName, mtu } of networks) {
          const before = await tables.networks.get(id)
          if (!before) continue
          // Whatever else was changed while this waited for the provider stays.
          const after = { ...before, name, vdsmName, mtu }
          await refuseUsedNetworkName(tables, after, 'edit Network')
          await writeChangedNetwork(tables, before, after)
        }
      },
    },
  ],
}

/** What it refused, or never got, it does not get again. */
async function giveBack(client: NetworkingClient, { externalId, before }: EditExternalNetworkState): Promise<void> {
  const [now] = await client.networks.list({ id: externalId })
  if (now && !hasAll(now, before)) await client.networks.update(externalId, before)
}

const hasAll = (network: Answered<ExternalNetwork>, values: ExternalChange) =>
  Object.entries(values).every(([name, value]) => String(network[name as keyof ExternalChange]) === String(value))

async function onProvider(
  { store, providers }: Parts,
  { providerId }: EditExternalNetworkState,
  work: (client: NetworkingClient) => Promise<unknown>,
): Promise<void> {
  const provider = await store.providers.get(providerId)
  // One that was removed meanwhile took its networks along.
  if (provider) await providers.ask(provider, work)
}
