// Remove vNICs (one, or with their VM): the rows go at once, the ports as soon as their providers let them.
import type { Nic, Vm } from '../store/entities.ts'
import type { Parts } from './parts.ts'
import { removePort } from './remove-port.ts'
import { vnicsOf } from './vnic-ports.ts'
import type { Workflow } from './workflow.ts'

export interface RemoveNicsState {
  readonly vmId: string
  readonly nics: readonly Nic[]
  /** The VM, when it goes too. */
  readonly vm?: Vm
  /** vNIC id → its provider, for those that may have a port. */
  readonly providers?: Readonly<Record<string, string>>
}

export const removeNics: Workflow<RemoveNicsState, Parts> = {
  kind: 'remove-nics',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'note the providers',
      async run({ nics }, parts) {
        const vnics = await vnicsOf(parts, nics)
        return { providers: Object.fromEntries(vnics.map(({ nic, provider }) => [nic.id, provider.id])) }
      },
    },
    {
      name: 'remove the rows',
      async run({ nics, vm }, { store }) {
        await store.transaction(async (tables) => {
          for (const { id } of nics) await tables.nics.remove(id)
          if (vm) await tables.vms.remove(vm.id)
        })
        return undefined
      },
    },
    {
      name: 'remove the ports',
      async run({ nics, providers = {} }, { workflows }) {
        const context = { action: 'remove port', correlationId: '' }
        const withPort = nics.filter(({ id }) => providers[id] !== undefined)
        await Promise.all(
          withPort.map((nic) => workflows.start(removePort, { nic, providerId: providers[nic.id]! }, context)),
        )
        return undefined
      },
    },
  ],
}
