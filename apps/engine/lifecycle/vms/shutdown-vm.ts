// Shut down or reboot a VM: its guest is asked to. That it did so, its host tells later; a guest may also ignore it.
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { recordWhatTheHostSays } from './vm-status.ts'

export interface ShutdownVmState {
  readonly vmId: string
  readonly hostId: string
  readonly reboot: boolean
}

/** What the guest's users get to read and wait, as the real engine has it. */
const notice = { delay: '30', message: 'Administrator requested shutdown' }

export const shutdownVm: Workflow<ShutdownVmState, Parts> = {
  kind: 'shutdown-vm',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'record that it is going down',
      async record({ vmId, reboot }, { vms }) {
        await vms.update(vmId, { status: reboot ? 'reboot_in_progress' : 'powering_down' })
      },
      undo: ({ vmId, hostId }, parts) => recordWhatTheHostSays(parts, vmId, hostId),
    },
    {
      name: 'ask the guest',
      async run({ vmId, hostId, reboot }, { hosts }) {
        await hosts.callAgain(hostId, 'VM.shutdown', { vmID: vmId, ...notice, reboot, force: false })
        return undefined
      },
    },
  ],
}
