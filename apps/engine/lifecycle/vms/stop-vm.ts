// Stop VM: the host ends it. Its ports stay, as in the real engine, so that it comes back with its addresses.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { recordWhatTheHostSays } from './vm-status.ts'

export interface StopVmState {
  readonly vmId: string
  readonly hostId: string
  /** Why it is down, when nobody asked for it. */
  readonly statusDetail?: string
}

export const stopVm: Workflow<StopVmState, Parts> = {
  kind: 'stop-vm',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'record that it is stopping',
      async record({ vmId }, { vms }) {
        await vms.update(vmId, { status: 'powering_down' })
      },
      undo: ({ vmId, hostId }, parts) => recordWhatTheHostSays(parts, vmId, hostId),
    },
    {
      name: 'end it on the host',
      async run({ vmId, hostId }, parts) {
        await destroyOnHost(parts, hostId, vmId)
        return undefined
      },
      async record({ vmId, statusDetail = '' }, { vms }) {
        await vms.update(vmId, { status: 'down', hostId: '', statusDetail })
      },
    },
  ],
}

/** Succeeds when the host knows no such VM. */
export async function destroyOnHost({ hosts }: Parts, hostId: string, vmId: string): Promise<void> {
  try {
    await hosts.callAgain(hostId, 'VM.destroy', { vmID: vmId })
  } catch (error) {
    if (!(error instanceof VdsmError && error.code === vdsmErrors.NoSuchVM.code)) throw error
  }
}
