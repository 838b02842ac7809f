// Hot unplug: the host takes the vNIC out of the running VM. The port is kept, as in the real engine.
import { shared } from '../workflows/locks.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { unplugOnHost } from './plug-nic.ts'

export interface UnplugNicState {
  readonly vmId: string
  readonly nicId: string
  readonly hostId: string
}

export const unplugNic: Workflow<UnplugNicState, Parts> = {
  kind: 'unplug-nic',
  locks: ({ vmId, nicId }) => [shared(`vm:${vmId}`), `nic:${nicId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'unplug it on the host',
      async run({ vmId, nicId, hostId }, parts) {
        await unplugOnHost(parts, hostId, vmId, nicId)
        return undefined
      },
      async record({ nicId }, { nics }) {
        await nics.update(nicId, { plugged: false })
      },
      undo: recordWhatTheHostSays,
    },
  ],
}

/** A host that refused still has the vNIC; one that was lost sight of may have taken it out. */
export async function recordWhatTheHostSays(
  { vmId, nicId, hostId }: UnplugNicState,
  { store, watch }: Parts,
): Promise<void> {
  const { status, network = {} } = await watch.look(hostId, vmId)
  const { mac } = (await store.nics.get(nicId))!
  const isThere = Object.values(network).some(({ macAddr }) => macAddr.toLowerCase() === mac)
  if (['Up', 'Paused'].includes(status) && !isThere) await store.nics.update(nicId, { plugged: false })
}
