// Remove vNICs (one, or with their VM): the rows go at once, the ports as soon as their providers let them.
import type { Nic, Vm } from '../../store/entities/vms.ts'
import { portLock, removePort } from '../ports/remove-port.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { vnicsOf } from './vnic-ports.ts'

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
      name: 'remove the rows',
      async run({ nics }, parts) {
        const vnics = await vnicsOf(parts, nics)
        return { providers: Object.fromEntries(vnics.map(({ nic, provider }) => [nic.id, provider.id])) }
      },
      async record({ nics, vm }, tables) {
        for (const { id } of nics) await tables.nics.remove(id)
        if (!vm) return
        for (const { id } of await tables.snapshots.find({ vmId: vm.id })) await tables.snapshots.remove(id)
        await tables.vms.remove(vm.id)
      },
    },
    {
      name: 'remove the ports',
      async run({ nics, providers = {} }, { workflows, locks }) {
        // One that was begun before a crash goes on by itself.
        const open = nics
          .map((nic) => ({ nic, providerId: providers[nic.id] }))
          .filter((each): each is { nic: Nic; providerId: string } => each.providerId !== undefined)
          .filter(({ nic, providerId }) => !locks.holder(portLock(nic.id, providerId)))
        await Promise.all(open.map((each) => workflows.start(removePort, each, { action: 'remove port' })))
        return undefined
      },
    },
  ],
}
