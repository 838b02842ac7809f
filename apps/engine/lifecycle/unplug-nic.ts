// Hot unplug: the host takes the vNIC out of the running VM. The port is kept, as in the real engine.
import type { Parts } from './parts.ts'
import { unplugOnHost } from './plug-nic.ts'
import type { Workflow } from './workflow.ts'

export interface UnplugNicState {
  readonly vmId: string
  readonly nicId: string
  readonly hostId: string
}

export const unplugNic: Workflow<UnplugNicState, Parts> = {
  kind: 'unplug-nic',
  locks: ({ vmId }) => [`vm:${vmId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'unplug it on the host',
      async run({ vmId, nicId, hostId }, parts) {
        await unplugOnHost(parts, hostId, vmId, nicId)
        return undefined
      },
    },
    {
      name: 'record that it is unplugged',
      async run({ nicId }, { store }) {
        await store.nics.update(nicId, { plugged: false })
        return undefined
      },
    },
  ],
}
