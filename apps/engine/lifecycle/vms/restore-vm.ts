// Restore VM: it gets the configuration of a snapshot, as for a preview and for its end. As in the real engine, all the vNICs
// it has lose their ports, also those that the snapshot has too; the next start makes new ones.
import { Fault } from '../../faults.ts'
import type { Snapshot, VmConfiguration } from '../../store/entities/templates.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { insertNic } from '../nics/nic-row.ts'
import { vnicsOf } from '../nics/vnic-ports.ts'
import { portLock, removePort } from '../ports/remove-port.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'

export interface RestoreVmState {
  readonly vmId: string
  /** With vNICs that can be inserted. */
  readonly configuration: VmConfiguration
  /** The VM's snapshots as they are afterwards. */
  readonly snapshots: readonly Snapshot[]
  /** The ports that go: of a vNIC that was, on a provider, on that provider's network. */
  readonly left?: readonly { readonly nic: Nic; readonly providerId: string; readonly networkId: string }[]
}

export const restoreVm: Workflow<RestoreVmState, Parts> = {
  kind: 'restore-vm',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'see which ports it has',
      async run({ vmId }, parts) {
        const vnics = await vnicsOf(parts, await parts.store.nics.find({ vmId }))
        const left = vnics.map(({ nic, provider, network }) => ({
          nic,
          providerId: provider.id,
          networkId: network.externalId,
        }))
        return { left }
      },
    },
    {
      name: 'give it the configuration',
      async record({ vmId, configuration, snapshots }, tables) {
        const { nics, ...fields } = configuration
        for (const { id } of await tables.nics.find({ vmId })) await tables.nics.remove(id)
        for (const nic of nics) await insertNic(tables, nic)
        await tables.vms.update(vmId, fields)
        for (const { id } of await tables.snapshots.find({ vmId })) await tables.snapshots.remove(id)
        for (const snapshot of snapshots) await tables.snapshots.insert(snapshot)
      },
    },
    {
      name: 'remove the ports',
      async run({ left = [] }, { workflows, locks }) {
        // One that was begun before a crash goes on by itself.
        const open = left.filter(({ nic, providerId }) => !locks.holder(portLock(nic.id, providerId)))
        await Promise.all(open.map((port) => workflows.start(removePort, port, { action: 'remove port' })))
        return undefined
      },
    },
  ],
}

/** What the VM could go back to. Throws when it is gone. */
export async function configurationOf({ vms, nics }: Tables, vmId: string): Promise<VmConfiguration> {
  const vm = await vms.get(vmId)
  if (!vm) throw new Fault('NOT_FOUND', { what: 'VM', id: vmId })
  const { description, memory, customProperties } = vm
  return { description, memory, customProperties, nics: await nics.find({ vmId }) }
}
