// Suspend VM: its host saves the state of the guest and ends it. Its ports stay; the next start goes on from the state.
import { Fault } from '../../faults.ts'
import type { Vm } from '../../store/entities/vms.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { reasonToKeep } from './kept-by-host.ts'
import { destroyOnHost } from './stop-vm.ts'
import { recordWhatTheHostSays } from './vm-status.ts'

export interface SuspendVmState {
  readonly vmId: string
  readonly hostId: string
  /** What the host saves it under: VDSM's handle of a hibernation volume, six ids. */
  readonly savedState: string
}

const saveTimeoutMs = 600_000
const saved = 5

export const suspendVm: Workflow<SuspendVmState, Parts> = {
  kind: 'suspend-vm',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'record that it is being saved',
      async record({ vmId }, { vms }) {
        await vms.update(vmId, { status: 'saving_state' })
      },
      undo: ({ vmId, hostId }, parts) => recordWhatTheHostSays(parts, vmId, hostId),
    },
    {
      name: 'save it on the host',
      async run({ vmId, hostId, savedState }, parts) {
        await save(parts, (await parts.store.vms.get(vmId))!, hostId, savedState)
        return undefined
      },
      async record({ vmId, hostId, savedState }, { vms }) {
        await vms.update(vmId, { status: 'suspended', hostId: '', savedState, savedOn: hostId })
      },
    },
    {
      name: 'forget it on the host',
      async run({ vmId, hostId }, parts) {
        // A host that is away forgets it when it is back: the host monitor sees to that.
        await destroyOnHost(parts, hostId, vmId).catch((error) =>
          parts.log.warn({ vmId, err: error }, 'the host still remembers a VM that was suspended'),
        )
        return undefined
      },
    },
  ],
}

/** Resolves when the VM is saved; throws when it goes on. */
async function save(parts: Parts, vm: Vm, hostId: string, hiberVolHandle: string): Promise<void> {
  const { hosts, watch, log } = parts
  const { status } = await watch.look(hostId, vm.id)
  if (status === 'Up' || status === 'Paused' || status === 'Powering up')
    await hosts.call(hostId, 'VM.hibernate', { vmID: vm.id, hiberVolHandle }).catch((error) => {
      // Whether a call that was lost on the way has begun it, the host will tell.
      if (!(error instanceof Fault)) throw error
      log.warn({ vmId: vm.id, err: error }, 'the call that suspends the VM was lost')
    })
  const end = await watch.until(hostId, vm.id, saveTimeoutMs, ({ status, exitReason, exitMessage }) => {
    if (status === 'Down') return exitReason === saved ? 'saved' : (exitMessage ?? 'it went down')
    if (status === 'gone') return 'it is gone'
    return status === 'Up' || status === 'Paused' ? 'kept' : undefined
  })
  if (end === 'saved') return
  const reason = end === 'kept' ? await reasonToKeep(parts, hostId, vm.id) : end
  throw new Fault('SUSPEND_FAILED', { vm: vm.name, reason })
}
