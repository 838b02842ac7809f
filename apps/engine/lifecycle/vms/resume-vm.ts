// Resume VM: one that stands still on its host goes on. Its ports are as they were: nothing is asked of providers.
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { recordWhatTheHostSays } from './vm-status.ts'

export interface ResumeVmState {
  readonly vmId: string
  readonly hostId: string
}

export const resumeVm: Workflow<ResumeVmState, Parts> = {
  kind: 'resume-vm',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'continue it on the host',
      async run({ vmId, hostId }, { hosts }) {
        await hosts.callAgain(hostId, 'VM.cont', { vmID: vmId })
        return undefined
      },
      async record({ vmId }, { vms }) {
        await vms.update(vmId, { status: 'up' })
      },
      undo: ({ vmId, hostId }, parts) => recordWhatTheHostSays(parts, vmId, hostId),
    },
  ],
}
