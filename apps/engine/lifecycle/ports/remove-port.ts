// Remove port: the port of a vNIC that is gone goes too, if it takes until the provider is back.

import type { Provider } from '../../store/entities/providers.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { deallocatePort } from './port-allocation.ts'

export interface RemovePortState {
  /** As it was: its row is gone. */
  readonly nic: Nic
  readonly providerId: string
  /** The provider's id of the network it was on, where the vNIC itself goes on: its next port is none of our business. */
  readonly networkId?: string
}

/** While it is held, what the provider has of the vNIC is going: no port of its own may be made there. */
export const portLock = (nicId: string, providerId: string) => `port:${nicId}@${providerId}`

export const removePort: Workflow<RemovePortState, Parts> = {
  kind: 'remove-port',
  locks: ({ nic, providerId }) => [portLock(nic.id, providerId)],
  onFailure: 'repeat',
  steps: [
    {
      name: 'delete the port on the provider',
      async run({ nic, providerId, networkId }, { store, providers }) {
        const provider = await store.providers.get(providerId)
        // A provider that was removed meanwhile is none of our business any more.
        if (provider) await deallocatePort(providers, { provider, nic }, networkId)
        return undefined
      },
    },
  ],
  async complain({ nic, providerId }, { store, events }, error) {
    const provider: Provider | undefined = await store.providers.get(providerId)
    await events.tell(
      'REMOVE_PORT_FROM_EXTERNAL_PROVIDER_FAILED',
      `Failed to remove vNIC ${nic.name} from external network provider ${provider?.name}. The vNIC can be identified on the provider by device id ${nic.id}. It is tried again until it succeeds: ${error.message}`,
    )
  },
}
